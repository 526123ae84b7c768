import { type FloodLimit, floodLimit } from '../floodLimit.ts';

const LIMIT = { most: 10, windowMs: 60_000 };
/** Kinds that are told apart; whatever comes beyond is one kind together. */
const MOST_KINDS = 200;
const OTHERS = 'others';

/** Lets ten of a kind through a minute, the next one with how many were left out. */
export class Bounded {
  readonly #limits = new Map<string, FloodLimit>();
  readonly #now: () => number;

  /** @param now milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns how many of the kind were left out before this one; undefined where this one is left out, too. */
  take(kind: string): number | undefined {
    const name = this.#limits.has(kind) || this.#limits.size < MOST_KINDS ? kind : OTHERS;
    const limit = this.#limits.get(name) ?? floodLimit(LIMIT, this.#now);
    this.#limits.set(name, limit);
    return limit.take();
  }

  /** What was left out and not told yet; it counts as told with this. */
  rest(): ReadonlyMap<string, number> {
    const counts = [...this.#limits].map(([kind, limit]) => [kind, limit.rest()] as const);
    return new Map(counts.filter(([, count]) => count > 0));
  }
}
