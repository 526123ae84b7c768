import type { Clock } from '../../ports/system.ts';

/** A machine that slept, or whose clock was set, is looked at again after so long at the latest, ms. */
const LONGEST_SLEEP = 900_000;

/**
 * Wakes at the nearest deadline. What counts is the stored time by the clock of the wall: a clock that was set
 * back lets nothing expire early, since it is asked again at each waking.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #nearest: () => number | undefined;
  readonly #onDue: () => void;
  #asleep: { readonly until: number; readonly over: AbortController } | undefined;
  #ended = false;

  /** @param nearest the nearest deadline, ms since the epoch. @param onDue must move what is due out of the way. */
  constructor(clock: Clock, nearest: () => number | undefined, onDue: () => void) {
    this.#clock = clock;
    this.#nearest = nearest;
    this.#onDue = onDue;
  }

  /** Deadlines have changed. */
  look(): void {
    if (this.#ended) return;
    const nearest = this.#nearest();
    if (nearest === this.#asleep?.until) return;
    this.#asleep?.over.abort();
    this.#asleep = undefined;
    if (nearest === undefined) return;
    const over = new AbortController();
    this.#asleep = { until: nearest, over };
    const ms = Math.min(Math.max(nearest - this.#clock.now(), 0), LONGEST_SLEEP);
    void this.#clock.sleep(ms, over.signal).then(
      () => {
        this.#asleep = undefined;
        this.#onDue();
        this.look();
      },
      () => undefined,
    );
  }

  end(): void {
    this.#ended = true;
    this.#asleep?.over.abort();
  }
}
