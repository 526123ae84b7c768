import type { Approval } from '../../../domain/approval.ts';
import { WorkerCommunicationError } from '../../../domain/errors/index.ts';
import type { Commit } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Task } from '../../../domain/task.ts';
import type { FolderReport, LaneFolder } from '../../lanes/laneFolder.ts';
import type { Spent, TurnResult, WorkerEvent, WorkerSession } from '../../ports/worker.ts';
import type { Check } from '../../verifying/verifier.ts';
import { recordRepair, recordStart, recordWorkFinished } from './attemptSteps.ts';
import { type Flaw, nothingWritten, redVerification } from './flaw.ts';
import { INTERRUPTED_PROMPT } from './taskPrompt.ts';
import type { TaskRunDeps } from './taskRunDeps.ts';

export type AttemptDeps = Omit<TaskRunDeps, 'taskId' | 'base' | 'adopt' | 'forget'> & {
  readonly task: Task;
  readonly base: Commit | undefined;
  readonly commitMessage: () => string;
  /** What the attempt has cost so far, after each turn. */
  readonly onSpent: (spent: Spent) => void;
  /** What the session has cost so far, as its worker tells it. */
  readonly spent: () => Spent;
};

/** What an attempt that went well leaves. */
export type Accepted = {
  readonly report: FolderReport;
  readonly check: Check;
  readonly leftoversGone: boolean;
};

/** What an attempt leaves whose worker waits for a person: everything that another process needs to go on. */
export type Parked = {
  readonly parkedAt: Approval;
  readonly resume: NonNullable<Task['resume']>;
};

/**
 * One run of a task in a lane: prompt, the worker's own result, commit, verification on the committed state,
 * and up to two repairs in the same session. A worker's words never set a status; what counts is the result
 * message, the commit and the command's exit code. Where the task was interrupted or parked at a call that waits
 * for a person, its session goes on in its folder.
 * @throws what went wrong, typed; the caller decides on retry, failure or hold.
 */
export const runAttempt = async (a: AttemptDeps): Promise<Accepted | Parked> => {
  const { resume } = a.task;
  const folder = await a.lane.folder(a.signal);
  // Both are waited for, whatever becomes of one: a worker that comes late would be nobody's.
  const [session, prepared] = await Promise.allSettled([
    resume === undefined ? a.lane.worker(a.wanted, a.signal) : a.lane.resumed(a.wanted, resume, a.signal),
    resume === undefined
      ? folder.prepare(a.task.spec.id, a.base, a.task.attempts)
      : folder.goOn(a.task.spec.id, a.base),
  ]);
  if (session.status === 'rejected') throw session.reason;
  if (prepared.status === 'rejected') throw prepared.reason;
  const run = new AttemptRun(a, folder, session.value);
  return run.toEnd();
};

class AttemptRun {
  readonly #a: AttemptDeps;
  readonly #folder: LaneFolder;
  readonly #session: WorkerSession;
  #started: Promise<void> | undefined;
  #leftoversGone = true;

  constructor(a: AttemptDeps, folder: LaneFolder, session: WorkerSession) {
    this.#a = a;
    this.#folder = folder;
    this.#session = session;
    a.held.begin({
      begun: (sign) => this.#begun({ kind: 'alive', ...sign }),
      base: a.base,
      spent: a.spent,
    });
  }

  async toEnd(): Promise<Accepted | Parked> {
    let result = await this.#firstTurn();
    for (let round = 1; ; round++) {
      const { parkedAt } = this.#a.held;
      if (result.deferred !== undefined) {
        if (parkedAt === undefined) throw lost(result.deferred);
        return this.#parked(parkedAt, result, result.deferred);
      }
      const report = await this.#collect(result);
      const found = await this.#judge(report);
      if ('check' in found) return { report, check: found.check, leftoversGone: this.#leftoversGone };
      const { flaw } = found;
      if (flaw.excused !== undefined && round > ROUNDS_WHERE_EXCUSED) {
        return { report, check: flaw.excused, leftoversGone: this.#leftoversGone };
      }
      if (round > LIMITS.repairRounds) throw flaw.error;
      await recordRepair(this.#a.journal, this.#a.task.spec.id, round, flaw.note);
      result = await this.#turn(flaw.prompt);
    }
  }

  #firstTurn(): Promise<TurnResult> {
    switch (this.#a.task.resume?.how) {
      case undefined:
        return this.#turn(this.#a.promptFor(this.#folder.path));
      case 'interrupted':
        return this.#turn(INTERRUPTED_PROMPT);
      case 'deferred':
        return this.#turn(undefined);
    }
  }

  #parked(parkedAt: Approval, result: TurnResult, toolUseId: string): Parked {
    return {
      parkedAt,
      resume: {
        sessionId: result.sessionId,
        worktree: this.#folder.path,
        how: 'deferred',
        base: this.#a.base,
        spent: this.#a.spent(),
        approvalId: parkedAt.id,
        toolUseId,
      },
    };
  }

  async #turn(prompt: string | undefined): Promise<TurnResult> {
    const { model } = this.#a.wanted;
    const run = this.#a.deadline.during(this.#a.signal, (signal) =>
      this.#session.run({ prompt, model, signal, onEvent: (event) => this.#hear(event) }),
    );
    // Where it fails the calls that waited end with it, and what they write must be written first.
    const result = await run.catch(async (error: unknown) => {
      await this.#a.held.idle();
      throw error;
    });
    this.#a.onSpent(result);
    // The `started` step must be in the journal before any step that follows from it.
    await this.#started;
    this.#leftoversGone = (await this.#a.lane.endLeftovers()) && this.#leftoversGone;
    return result;
  }

  #hear(event: WorkerEvent): void {
    if (event.kind === 'alive') this.#begun(event).catch(() => undefined);
    this.#a.onEvent(event);
  }

  /** A resumed worker may make its call before it says anything else. */
  #begun(event: WorkerEvent & { kind: 'alive' }): Promise<void> {
    if (this.#started === undefined) {
      const { task, lane } = this.#a;
      const how = { lane: lane.index, resumed: task.resume !== undefined };
      this.#started = recordStart(this.#a, task.spec.id, how, event);
      this.#a.onAlive();
    }
    return this.#started;
  }

  async #collect(result: TurnResult): Promise<FolderReport> {
    const { journal, task } = this.#a;
    await recordWorkFinished(journal, task.spec.id, result);
    return this.#folder.collect(this.#a.commitMessage());
  }

  async #judge(report: FolderReport): Promise<{ readonly check: Check } | { readonly flaw: Flaw }> {
    const { task, lane, signal, verifier } = this.#a;
    const empty = nothingWritten(task.spec, report);
    if (empty !== undefined) return { flaw: empty };
    const check = await verifier.check(task.spec.verify, this.#folder.path, lane.env, signal);
    const red = redVerification(task.spec, check);
    return red === undefined ? { check } : { flaw: red };
  }
}

const lost = (toolUseId: string): WorkerCommunicationError =>
  new WorkerCommunicationError('The worker stopped at a call that nobody was asked about.', {
    hint: 'It is run again.',
    retryable: true,
    context: { toolUseId },
  });

/** A task that left its verification as red as it was is asked once more: to mend it may have been its work. */
const ROUNDS_WHERE_EXCUSED = 1;
