import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Store } from '../../src/application/ports/store.ts';
import type { Clock } from '../../src/application/ports/system.ts';
import { type Commit, commitSchema, type JobId, jobIdSchema } from '../../src/domain/ids.ts';
import { openDatabase } from '../../src/infrastructure/store/database.ts';
import { storeOver } from '../../src/infrastructure/store/store.ts';

/** A folder that goes with the test. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'application-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** The real store, over SQLite, in a folder that goes with the test. */
export const realStore = async (path = join(temporaryFolder(), 'state.db')): Promise<Store> => {
  const store = storeOver(await openDatabase(path), { clock: new ManualClock(), maxQueuedTasks: 1000 });
  onTestFinished(() => store.close());
  return store;
};

/** Time that stands until the test moves it. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  get sleeping(): number {
    return this.#sleepers.size;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });
  }

  /** The clock of the wall is set; timers do not notice. */
  jump(ms: number): void {
    this.#now += ms;
  }

  async advance(ms: number): Promise<void> {
    this.#now += ms;
    for (const sleeper of this.#sleepers) {
      if (sleeper.at > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    await settled();
  }
}

/** Resolves when everything that was only waiting for its turn has had it. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const commit = (number: number): Commit => commitSchema.parse(number.toString(16).padStart(40, '0'));

export const jobId = (number: number): JobId => jobIdSchema.parse(`job_${String(number).padStart(16, '0')}`);

/** For the parts of a port that the test must not need. */
export const unused = (): never => {
  throw new Error('this part of the port is not used here');
};
