import { RateLimitError } from '../../domain/errors/index.ts';
import type { Clock } from '../ports/system.ts';

const MAX_FAILURES = 5;
const WINDOW_MS = 600_000;
/** Before the second try; doubles with every failure. */
const FIRST_DELAY_MS = 500;

/**
 * Guards one secret that can be guessed: over all addresses five failures in ten minutes, a delay that grows
 * before each try, and one try at a time. Kept in memory: a restart frees the count, and only this user can restart.
 */
export class Attempts {
  readonly #clock: Clock;
  #failures: readonly number[] = [];
  /** Tries that wait or run count as failures until they are known to be none. */
  #open = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Runs a check in its turn. @returns what it said.
   * @throws RateLimitError where the tries are used up; nothing was checked then.
   */
  async try(check: () => Promise<boolean>): Promise<boolean> {
    this.#admit();
    this.#open += 1;
    const before = this.#last;
    const turn = (async () => {
      await before;
      const delay = this.#failures.length === 0 ? 0 : FIRST_DELAY_MS * 2 ** (this.#failures.length - 1);
      if (delay > 0) await this.#clock.sleep(delay);
      return check();
    })();
    // A check that throws says nothing about the secret, and must not stop those behind it.
    this.#last = turn.catch(() => {});
    try {
      const good = await turn;
      this.#failures = good ? [] : [...this.#recent(), this.#clock.now()];
      return good;
    } finally {
      this.#open -= 1;
    }
  }

  #recent(): readonly number[] {
    const since = this.#clock.now() - WINDOW_MS;
    return this.#failures.filter((at) => at > since);
  }

  #admit(): void {
    this.#failures = this.#recent();
    if (this.#failures.length + this.#open < MAX_FAILURES) return;
    const oldest = this.#failures[0] ?? this.#clock.now();
    throw new RateLimitError('There were too many tries with a passphrase.', {
      hint: 'Wait, or sign in with a passkey: those are not locked.',
      retryable: true,
      retryAfterMs: Math.max(1000, oldest + WINDOW_MS - this.#clock.now()),
    });
  }
}
