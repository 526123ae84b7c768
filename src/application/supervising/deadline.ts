import { WorkerTimeoutError } from '../../domain/errors/index.ts';

/**
 * The time that a task has. It runs only while `during` runs and nothing is waited for: time in which no process
 * lives, or in which a person is asked, does not count.
 */
export class Deadline {
  #leftMs: number;
  readonly #seconds: number;
  #work: AbortController | undefined;
  #clock: { readonly since: number; readonly timer: NodeJS.Timeout } | undefined;
  #waits = 0;

  constructor(seconds: number) {
    this.#seconds = seconds;
    this.#leftMs = seconds * 1000;
  }

  /** Runs `work` with a signal that aborts with a WorkerTimeoutError once the time is used up, or with `outer`. */
  async during<T>(outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const own = new AbortController();
    this.#work = own;
    this.#start();
    try {
      return await work(AbortSignal.any([outer, own.signal]));
    } finally {
      this.#stop();
      this.#work = undefined;
    }
  }

  /** A person is asked. Waits may overlap. @returns ends the wait; twice is once. */
  pause(): () => void {
    this.#waits++;
    this.#stop();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#waits--;
      this.#start();
    };
  }

  #start(): void {
    const work = this.#work;
    if (work === undefined || this.#waits > 0 || this.#clock !== undefined) return;
    const timer = setTimeout(() => work.abort(this.#error()), Math.max(0, this.#leftMs));
    this.#clock = { since: performance.now(), timer };
  }

  #stop(): void {
    if (this.#clock === undefined) return;
    clearTimeout(this.#clock.timer);
    this.#leftMs -= performance.now() - this.#clock.since;
    this.#clock = undefined;
  }

  #error(): WorkerTimeoutError {
    return new WorkerTimeoutError(`The task did not end within its ${this.#seconds} seconds.`, {
      hint: 'Raise timeout_seconds of the task (at most 3600), or make it smaller; job_steer retry runs it again.',
    });
  }
}
