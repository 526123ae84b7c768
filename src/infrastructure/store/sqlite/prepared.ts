import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { type Compilable, type RawBuilder, sql } from 'kysely';
import { z } from 'zod';

/** The named values that one statement takes. */
export type Values = Readonly<Record<string, SQLInputValue>>;

/** Stands in a query for a value that comes with each run. */
class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const slotSchema = z.instanceof(Slot);

export type SlotOf<V extends Values> = <K extends keyof V & string>(name: K) => RawBuilder<V[K]>;

/** Builds a query with typed slots in the places of its values. */
export type Build<V extends Values> = (slot: SlotOf<V>) => Compilable;

/**
 * Compiling a query costs Kysely more than SQLite takes to run it, so what the hot path needs is built and
 * compiled once, with slots for its values.
 */
class Prepared<V extends Values> {
  readonly #statement: StatementSync;
  readonly #order: readonly (keyof V & string)[];

  constructor(database: DatabaseSync, build: Build<V>) {
    const names = new Set<keyof V & string>();
    const query = build((name) => {
      names.add(name);
      return sql`${new Slot(name)}`;
    }).compile();
    const order: (keyof V & string)[] = [];
    for (const parameter of query.parameters) {
      const slot = slotSchema.parse(parameter);
      for (const name of names) if (name === slot.name) order.push(name);
    }
    this.#order = order;
    this.#statement = database.prepare(query.sql);
  }

  run(values: V): number {
    return Number(this.#statement.run(...this.#bind(values)).changes);
  }

  all(values: V): readonly unknown[] {
    return this.#statement.all(...this.#bind(values));
  }

  first(values: V): unknown {
    return this.#statement.get(...this.#bind(values));
  }

  #bind(values: V): SQLInputValue[] {
    return this.#order.map((name) => values[name] ?? null);
  }
}

export type Write<V extends Values> = (values: V) => number;

/** @returns a function that runs the statement and tells how many rows it changed. */
export const prepareWrite = <V extends Values>(database: DatabaseSync, build: Build<V>): Write<V> => {
  const prepared = new Prepared(database, build);
  return (values) => prepared.run(values);
};

export type Read<V extends Values, R> = { all(values: V): readonly R[]; first(values: V): R | undefined };

/** @returns a reader whose rows are checked by `row`. */
export const prepareRead = <V extends Values, R>(
  database: DatabaseSync,
  row: z.ZodType<R>,
  build: Build<V>,
): Read<V, R> => {
  const prepared = new Prepared(database, build);
  const rows = z.array(row);
  const first = row.optional();
  return {
    all: (values) => rows.parse(prepared.all(values)),
    first: (values) => first.parse(prepared.first(values)),
  };
};
