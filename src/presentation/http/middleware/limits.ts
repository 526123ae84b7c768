import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { RateLimitError } from '../../../domain/errors/index.ts';

/** The window of all limits, seconds. */
export const WINDOW_SECONDS = 60;
/** Principals or addresses that are counted at once; the one longest unseen is forgotten first. */
const MOST_KEYS = 10_000;

export type Count = {
  readonly limit: number;
  readonly remaining: number;
  /** Until the window ends, milliseconds. */
  readonly resetMs: number;
  readonly over: boolean;
};

/** Counts requests by key in windows of a minute that begin with a key's first request. Bounded memory. */
export class MinuteLimit {
  readonly #limit: number;
  readonly #limiter: RateLimiterMemory;
  readonly #known: LRUCache<string, true>;

  constructor(limit: number, mostKeys = MOST_KEYS) {
    this.#limit = limit;
    this.#limiter = new RateLimiterMemory({ points: limit, duration: WINDOW_SECONDS, keyPrefix: '' });
    this.#known = new LRUCache({
      max: mostKeys,
      dispose: (_, key, reason) => {
        if (reason === 'evict') void this.#limiter.delete(key);
      },
    });
  }

  /** Keys that are held in memory now. */
  get size(): number {
    return this.#known.size;
  }

  /** Counts one more. Exact also for requests at the same time: the count is taken before anything is awaited. */
  async take(key: string): Promise<Count> {
    this.#known.set(key, true);
    return this.#count(await this.#limiter.consume(key).catch(resultOf));
  }

  /** How it stands, without counting. */
  async peek(key: string): Promise<Count> {
    const now = await this.#limiter.get(key);
    return now === null || now.msBeforeNext <= 0
      ? { limit: this.#limit, remaining: this.#limit, resetMs: 0, over: false }
      : this.#count(now);
  }

  #count({ consumedPoints, remainingPoints, msBeforeNext }: RateLimiterRes): Count {
    return {
      limit: this.#limit,
      remaining: remainingPoints,
      resetMs: msBeforeNext,
      over: consumedPoints > this.#limit,
    };
  }
}

/** The limiter rejects with the count when it is over. */
const resultOf = (rejected: unknown): RateLimiterRes => {
  if (rejected instanceof RateLimiterRes) return rejected;
  throw rejected;
};

export const tooMany = (what: string, resetMs: number): RateLimitError =>
  new RateLimitError(`Too many ${what}.`, {
    hint: `Come again after the seconds that Retry-After says.`,
    retryable: true,
    retryAfterMs: Math.max(1, resetMs),
  });
