import { LRUCache } from 'lru-cache';
import type { JobId } from '../../domain/ids.ts';
import type { JobStatus } from '../../domain/job.ts';
import type { Statements } from './statements.ts';

/** A job as far as every step of it must know it: its status, and the number of its last event. */
export type Head = { readonly status: JobStatus; readonly seq: number };

/** Jobs at work at one time are far fewer; what falls out is read again. */
const KNOWN = 1_000;

/**
 * The heads of the jobs at work, kept in memory: reading them took a quarter of a step's time. They are true
 * because one process owns the database; `forget` whenever a transaction did not stand. Were one wrong all
 * the same, the primary key of the events would refuse the number.
 */
export class Heads {
  readonly #known = new LRUCache<JobId, Head>({ max: KNOWN });
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  read(id: JobId): Head | undefined {
    return this.#known.get(id) ?? this.#statements.head.first({ id });
  }

  /** The last deed of a step, so that a step that threw has advanced nothing. */
  advance(id: JobId, head: Head): void {
    this.#known.set(id, head);
  }

  forget(): void {
    this.#known.clear();
  }
}
