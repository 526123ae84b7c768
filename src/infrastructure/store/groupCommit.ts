import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { InternalError } from '../../domain/errors/index.ts';
import { isConstraint, isFull, sqliteCode, storageError } from './storageError.ts';

/** What a step answers, and by how much it changes the number of open tasks. */
export type StepOutcome<T> = { readonly result: T; readonly openDelta: number };

/**
 * Work inside the transaction. Synchronous, so that nothing else comes between.
 * @param open open tasks as the steps before it in the transaction left them.
 */
export type Step<T> = (open: number) => StepOutcome<T>;

type Waiting = {
  /** Runs the step; the answer is kept until the commit stands. */
  perform(open: number): { readonly openDelta: number; answer(): void };
  reject(reason: unknown): void;
  readonly patient: boolean;
};

/** Between two tries to write what a full disk did not take, milliseconds. */
const RETRY_MS = 1000;

/**
 * One transaction for all steps that were handed over in one turn of the event loop: the disk is waited for
 * once, however many there are. Each step stands or falls by itself; no caller hears anything before COMMIT
 * has returned. Where the disk takes no more, patient steps wait in their order until it does: what has happened
 * to a job is then written late, and not lost.
 */
export class GroupCommit {
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  readonly #savepoint: StatementSync;
  readonly #release: StatementSync;
  readonly #rollbackStep: StatementSync;
  #waiting: Waiting[] = [];
  #held: Waiting[] = [];
  #retry: NodeJS.Timeout | undefined;
  #open: number;
  #closed = false;
  readonly #onUndone: () => void;
  readonly #onCommitted: () => void;

  /**
   * @param onUndone called when a transaction did not stand, before its callers hear of it.
   * @param onCommitted called when one stands, likewise.
   */
  constructor(
    database: DatabaseSync,
    openTasks: number,
    onUndone: () => void,
    onCommitted: () => void = () => {},
  ) {
    this.#begin = database.prepare('begin immediate');
    this.#commit = database.prepare('commit');
    this.#rollback = database.prepare('rollback');
    this.#savepoint = database.prepare('savepoint step');
    this.#release = database.prepare('release step');
    this.#rollbackStep = database.prepare('rollback to step');
    this.#open = openTasks;
    this.#onUndone = onUndone;
    this.#onCommitted = onCommitted;
  }

  /** Open tasks as of the last commit. */
  get openTasks(): number {
    return this.#open;
  }

  /** Steps that wait for room on the disk. */
  get held(): number {
    return this.#held.length;
  }

  /**
   * @param patient waits for room where the disk is full, and is not refused.
   * @returns the step's result once it is durable.
   * @throws what the step threw · FileSystemError where the transaction could not be committed
   */
  run<T>(step: Step<T>, patient: boolean): Promise<T> {
    if (this.#closed) return Promise.reject(closedError());
    return new Promise<T>((resolve, reject) => {
      const perform = (open: number) => {
        const { result, openDelta } = step(open);
        return { openDelta, answer: () => resolve(result) };
      };
      const waiting = { perform, reject, patient };
      // Behind those that wait already: a job's steps are written in their order.
      if (patient && this.#held.length > 0) this.#held.push(waiting);
      else if (this.#waiting.push(waiting) === 1) setImmediate(() => this.#flush());
    });
  }

  /** Commits what waits; everything later is refused. */
  close(): void {
    this.#closed = true;
    this.#flush();
    this.#writeHeld();
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#write(batch);
  }

  #writeHeld(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const batch = this.#held;
    this.#held = [];
    this.#write(batch);
  }

  #write(batch: readonly Waiting[]): void {
    if (batch.length === 0) return;
    const answers: (() => void)[] = [];
    let open = this.#open;
    try {
      this.#begin.run();
      for (const waiting of batch) {
        try {
          const { openDelta, answer } = this.#alone(() => waiting.perform(open));
          open += openDelta;
          answers.push(answer);
        } catch (thrown) {
          if (sqliteCode(thrown) !== undefined && !isConstraint(thrown)) throw thrown;
          answers.push(() => waiting.reject(storageError('The change', thrown)));
        }
      }
      this.#commit.run();
    } catch (thrown) {
      this.#undo();
      this.#onUndone();
      const error = storageError('Writing to the database', thrown);
      const holds = isFull(thrown) && !this.#closed;
      for (const waiting of batch) {
        if (holds && waiting.patient) this.#held.push(waiting);
        else waiting.reject(error);
      }
      if (this.#held.length > 0) this.#retry ??= setTimeout(() => this.#writeHeld(), RETRY_MS);
      return;
    }
    this.#open = open;
    this.#onCommitted();
    for (const answer of answers) answer();
  }

  /** A step that throws leaves nothing behind, and the steps beside it untouched. */
  #alone<T>(perform: () => T): T {
    this.#savepoint.run();
    try {
      const done = perform();
      this.#release.run();
      return done;
    } catch (thrown) {
      // On a full disk SQLite may have rolled everything back, the savepoint included; the first error tells.
      if (sqliteCode(thrown) === undefined || isConstraint(thrown)) {
        this.#rollbackStep.run();
        this.#release.run();
      }
      throw thrown;
    }
  }

  #undo(): void {
    try {
      this.#rollback.run();
    } catch {
      // BEGIN itself failed, or SQLite has rolled back already.
    }
  }
}

export const closedError = (): InternalError =>
  new InternalError('The store is closed.', {
    hint: 'The server is shutting down: call again when it is back.',
    retryable: true,
  });
