import type { Approval } from '../../domain/approval.ts';
import type { Commit, TaskId } from '../../domain/ids.ts';
import { expiredMessage } from '../approving/asking/workerMessages.ts';
import type { AskDesk, Ruling, WaitingCall } from '../approving/ports.ts';
import type { JobJournal } from '../journal.ts';
import type { Ask, AskedCall } from '../ports/gate.ts';
import type { Store } from '../ports/store.ts';
import type { Spent } from '../ports/worker.ts';
import type { Deadline } from './deadline.ts';

export type HeldDeps = {
  readonly desk: AskDesk;
  readonly store: Pick<Store, 'approval'>;
  readonly journal: JobJournal;
  readonly taskId: TaskId;
  /** How long a worker waits at a call before it may be parked, milliseconds. */
  readonly holdMs: number;
  readonly deadline: Deadline;
  /** False where the folder is not the task's own: its work cannot be kept for later, so the call is held on. */
  readonly mayPark: boolean;
  readonly log: (text: string) => void;
  /** A call begins to wait. */
  readonly onHeld: () => void;
};

/** What an attempt tells of itself, so that its work can go on in another process. */
export type HeldAttempt = {
  /** A process that asks is alive: the attempt has begun. */
  readonly begun: (sign: { readonly sessionId: string; readonly pid: number }) => Promise<void>;
  readonly base: Commit | undefined;
  readonly spent: () => Spent;
};

/** For a call that cannot be parked: longer than any approval waits (20 days at most), shorter than the longest timer. */
const HOLD_ON_MS = 24 * 24 * 3600 * 1000;

/** The calls of one task that wait for a person: held in the hook first, then the worker is parked if it can be. */
export class HeldCalls {
  readonly #d: HeldDeps;
  readonly #held = new Map<string, Promise<unknown>>();
  #attempt: HeldAttempt | undefined;
  #interrupted = false;
  #parkedAt: Approval | undefined;

  constructor(d: HeldDeps) {
    this.#d = d;
  }

  /** A new attempt begins. */
  begin(attempt: HeldAttempt): void {
    this.#attempt = attempt;
    this.#interrupted = false;
    this.#parkedAt = undefined;
  }

  get any(): boolean {
    return this.#held.size > 0;
  }

  /** True where the process of this attempt went away while a call waited. */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** The approval that the worker was parked at. */
  get parkedAt(): Approval | undefined {
    return this.#parkedAt;
  }

  /** Resolves when no call waits any more, whatever became of it. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#held.values());
  }

  readonly ask: Ask = (asked, signal) => {
    const ruling = this.#ask(asked, signal);
    this.#held.set(asked.toolUseId, ruling);
    this.#d.onHeld();
    return ruling.finally(() => this.#held.delete(asked.toolUseId));
  };

  async #ask(asked: AskedCall, signal: AbortSignal): Promise<Ruling> {
    const { desk, deadline, holdMs, mayPark } = this.#d;
    const goOn = deadline.pause();
    try {
      await this.#attempt?.begun({ sessionId: asked.sessionId, pid: asked.pid });
      if (mayPark) await this.#remember(asked);
      const late = await this.#expired(asked);
      for (let hold = holdMs; ; hold = HOLD_ON_MS) {
        const ruling = late ?? (await desk.ask(this.#waiting(asked), hold, signal));
        if (ruling.kind !== 'undecided') {
          await this.#decided(ruling);
          return ruling;
        }
        // Beside another call that waits, or may be made yet, it would be lost: the hook holds on.
        if (mayPark && this.#held.size <= 1 && asked.canDefer()) {
          this.#parkedAt = ruling.approval;
          return ruling;
        }
      }
    } catch (error) {
      this.#interrupted = true;
      throw error;
    } finally {
      goOn();
    }
  }

  /** Resumed at a call that nobody decided in time: that is a denial, and no reason to ask again. */
  async #expired(asked: AskedCall): Promise<Ruling | undefined> {
    const { journal, taskId, store } = this.#d;
    const { resume } = journal.task(taskId);
    if (resume?.approvalId === undefined || resume.toolUseId !== asked.toolUseId) return undefined;
    const approval = await store.approval(resume.approvalId);
    return approval?.status === 'expired' ? { kind: 'deny', message: expiredMessage } : undefined;
  }

  #waiting(asked: AskedCall): WaitingCall {
    const { journal, taskId } = this.#d;
    const { attempts, lineage } = journal.task(taskId);
    return {
      jobId: journal.job.id,
      taskId,
      attempt: attempts,
      lineage: lineage ?? attempts,
      call: asked.call,
      cwd: asked.cwd,
      worktree: asked.worktree,
      toolUseId: asked.toolUseId,
      sessionId: asked.sessionId,
      verdict: asked.verdict,
      policyHash: asked.verdict.policyHash,
    };
  }

  /** Where a crash from here on would have to go on. */
  async #remember(asked: AskedCall): Promise<void> {
    const { journal, taskId } = this.#d;
    const { resume } = journal.task(taskId);
    // Resumed at this very call: the session stands where it stood.
    if (resume?.how === 'deferred' && resume.toolUseId === asked.toolUseId) return;
    await this.#note({
      sessionId: asked.sessionId,
      worktree: asked.worktree,
      how: 'interrupted',
      base: this.#attempt?.base,
      spent: this.#attempt?.spent(),
    });
  }

  async #decided(ruling: Exclude<Ruling, { kind: 'undecided' }>): Promise<void> {
    this.#d.log(ruling.kind === 'allow' ? '▶ approved\n' : `⛔ denied: ${ruling.message}\n`);
    if (this.#held.size <= 1 && this.#d.mayPark) await this.#note(undefined);
  }

  async #note(resume: ReturnType<JobJournal['task']>['resume']): Promise<void> {
    const { journal, taskId } = this.#d;
    if (journal.ended(taskId)) return;
    await journal.record({ tasks: [{ id: taskId, patch: { resume } }], happenings: [] });
  }
}
