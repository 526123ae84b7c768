import type { WorkerSession, WorkerSpare } from '../ports/worker.ts';
import type { Starts } from './starts.ts';
import type { Wanted } from './wanted.ts';

/** The next process of a lane: started while the present one waits on the network, at most one at a time. */
export class SpareWorker {
  readonly #starts: Pick<Starts, 'spare'>;
  #waiting: Promise<WorkerSpare> | undefined;
  #budgetUsd: number | undefined;

  constructor(starts: Pick<Starts, 'spare'>) {
    this.#starts = starts;
  }

  /** Starts one by `prewarm`, unless one waits already or enough of other lanes do. */
  warm(wanted: Wanted, prewarm: () => Promise<WorkerSpare>): void {
    if (this.#waiting !== undefined) return;
    this.#budgetUsd = wanted.budgetUsd;
    this.#waiting = this.#starts.spare(prewarm);
    this.#waiting?.catch(() => undefined);
  }

  /** @returns undefined where none waits, or the one that does cannot serve this task: it is ended. */
  async take(cwd: string, wanted: Wanted): Promise<WorkerSession | undefined> {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return undefined;
    const process = await waiting.catch(() => undefined);
    try {
      if (process !== undefined && this.#budgetUsd === wanted.budgetUsd)
        return await process.take(cwd, wanted.model);
    } catch {
      // It died while it waited: the caller starts one as if there had been none.
    }
    await process?.discard();
    return undefined;
  }

  async discard(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    await waiting?.then((process) => process.discard()).catch(() => undefined);
  }
}
