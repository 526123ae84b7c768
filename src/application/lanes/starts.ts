import PQueue from 'p-queue';
import type { WorkerSpare } from '../ports/worker.ts';

/** Processes that may wait prewarmed at one time, over all jobs: each holds about 200 MB. */
const SPARES = 2;

/** Process starts of all jobs: staggered, since a start costs a second of CPU, and few ahead of need. */
export class Starts {
  readonly #queue: PQueue;
  #spares = 0;

  constructor(staggerMs: number) {
    this.#queue = new PQueue(staggerMs === 0 ? {} : { interval: staggerMs, intervalCap: 1 });
  }

  /** A start that has begun is waited for whatever the signal says: its process must not be lost from sight. */
  start<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#queue.add(() => {
      signal.throwIfAborted();
      return work();
    });
  }

  /** @returns undefined where enough processes wait already. */
  spare(work: () => Promise<WorkerSpare>): Promise<WorkerSpare> | undefined {
    if (this.#spares >= SPARES) return undefined;
    this.#spares++;
    let counted = true;
    const release = (): void => {
      if (counted) this.#spares--;
      counted = false;
    };
    return this.#queue.add(work).then(
      (spare) => ({
        take: (cwd, model) => {
          release();
          return spare.take(cwd, model);
        },
        discard: () => {
          release();
          return spare.discard();
        },
      }),
      (error: unknown) => {
        release();
        throw error;
      },
    );
  }
}
