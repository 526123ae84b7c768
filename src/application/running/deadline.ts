import { WorkerTimeoutError } from '../../domain/errors/index.ts';

/**
 * The time that a task has. It runs only while `during` runs: time in which no process lives, or in which a
 * person is waited for, does not count.
 */
export class Deadline {
  #leftMs: number;
  readonly #seconds: number;

  constructor(seconds: number) {
    this.#seconds = seconds;
    this.#leftMs = seconds * 1000;
  }

  /** Runs `work` with a signal that aborts with a WorkerTimeoutError once the time is used up, or with `outer`. */
  async during<T>(outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const own = new AbortController();
    const startedAt = performance.now();
    const timer = setTimeout(() => own.abort(this.#error()), Math.max(0, this.#leftMs));
    try {
      return await work(AbortSignal.any([outer, own.signal]));
    } finally {
      clearTimeout(timer);
      this.#leftMs -= performance.now() - startedAt;
    }
  }

  #error(): WorkerTimeoutError {
    return new WorkerTimeoutError(`The task did not end within its ${this.#seconds} seconds.`, {
      hint: 'Raise timeout_seconds of the task (at most 3600), or make it smaller; job_steer retry runs it again.',
    });
  }
}
