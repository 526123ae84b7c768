import { InsufficientResourcesError } from '../../../domain/errors/index.ts';

const MOST_BODIES = 32;

/**
 * The bodies of requests without a credential that are being read now: each holds memory for as long as it likes to
 * take. One too many ends the oldest, since an honest one has come in a moment: whoever holds theirs back keeps
 * nobody else from signing in.
 */
export class StrangersBodies {
  readonly #reading = new Set<AbortController>();
  readonly #most: number;

  constructor(most = MOST_BODIES) {
    this.#most = most;
  }

  /**
   * Reads one. @param read stops when its signal aborts, by rejecting with the signal's reason.
   * @throws InsufficientResourcesError (503) where it had to make room.
   */
  async reading<T>(read: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const [oldest] = this.#reading;
    if (this.#reading.size >= this.#most && oldest !== undefined) {
      this.#reading.delete(oldest);
      oldest.abort(
        new InsufficientResourcesError('The body took too long while many others came.', {
          hint: 'Send the whole request at once, in a second or two.',
          retryable: true,
          retryAfterMs: 1000,
        }),
      );
    }
    const own = new AbortController();
    this.#reading.add(own);
    try {
      return await read(own.signal);
    } finally {
      this.#reading.delete(own);
    }
  }
}
