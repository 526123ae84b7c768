import type { Approval } from '../../domain/approval.ts';
import { TaskExecutionError, WorkerCommunicationError } from '../../domain/errors/index.ts';
import type { Commit } from '../../domain/ids.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Task } from '../../domain/task.ts';
import type { JobJournal } from '../journal.ts';
import type { Clock } from '../ports/system.ts';
import type { Spent, TurnResult, WorkerEvent, WorkerSession } from '../ports/worker.ts';
import type { Deadline } from './deadline.ts';
import type { HeldCalls } from './heldCalls.ts';
import type { Lane, Wanted } from './lane.ts';
import type { FolderReport, LaneFolder } from './laneFolder.ts';
import { shorten } from './summary.ts';
import { INTERRUPTED_PROMPT, nothingWrittenPrompt, repairPrompt } from './taskPrompt.ts';
import type { Check, Verifier } from './verifier.ts';

export type AttemptDeps = {
  readonly journal: JobJournal;
  readonly clock: Clock;
  readonly task: Task;
  readonly lane: Lane;
  readonly wanted: Wanted;
  readonly base: Commit | undefined;
  readonly deadline: Deadline;
  readonly verifier: Verifier;
  readonly signal: AbortSignal;
  readonly promptFor: (folder: string) => string;
  readonly onEvent: (event: WorkerEvent) => void;
  /** The first stream event of a live process. */
  readonly onAlive: () => void;
  readonly commitMessage: () => string;
  /** What the attempt has cost so far, after each turn. */
  readonly onSpent: (spent: Spent) => void;
  /** What the session has cost so far, as its worker tells it. */
  readonly spent: () => Spent;
  readonly held: HeldCalls;
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
      const flaw = this.#nothingWritten(report) ?? (await this.#verify());
      if (flaw.kind === 'good') return { report, check: flaw.check, leftoversGone: this.#leftoversGone };
      if (flaw.excused !== undefined && round > ROUNDS_WHERE_EXCUSED) {
        return { report, check: flaw.excused, leftoversGone: this.#leftoversGone };
      }
      if (round > LIMITS.repairRounds) throw flaw.error;
      await this.#repairing(round, flaw.note);
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
      this.#started = this.#recordStart(event);
      this.#a.onAlive();
    }
    return this.#started;
  }

  #recordStart(event: WorkerEvent & { kind: 'alive' }): Promise<void> {
    const { journal, task, lane, clock } = this.#a;
    const before = journal.task(task.spec.id);
    const attempt = before.attempts + 1;
    const resumed = task.resume !== undefined;
    return journal.record({
      tasks: [
        {
          id: task.spec.id,
          move: 'start',
          patch: {
            attempts: attempt,
            startedAt: before.startedAt ?? clock.now(),
            lineage: resumed ? (before.lineage ?? attempt) : attempt,
          },
        },
      ],
      happenings: [
        {
          type: 'task.started',
          taskId: task.spec.id,
          attempt,
          lane: lane.index,
          pid: event.pid,
          sessionId: event.sessionId,
        },
        ...(resumed
          ? [
              {
                type: 'task.resumed' as const,
                taskId: task.spec.id,
                attempt,
                sessionId: event.sessionId,
              },
            ]
          : []),
      ],
    });
  }

  async #collect(result: TurnResult): Promise<FolderReport> {
    const { journal, task } = this.#a;
    const { attempts } = journal.task(task.spec.id);
    await journal.record({
      tasks: [
        {
          id: task.spec.id,
          move: 'finish_work',
          patch: { summary: shorten(result.text), resume: undefined },
        },
      ],
      happenings: [
        { type: 'task.verifying', taskId: task.spec.id, attempt: attempts, costUsd: result.costUsd },
      ],
    });
    return this.#folder.collect(this.#a.commitMessage());
  }

  #nothingWritten(report: FolderReport): Flaw | undefined {
    const { writes, writesForecast } = this.#a.task.spec;
    if (
      writes === undefined ||
      writes.length === 0 ||
      writesForecast === true ||
      report.filesChanged.length > 0
    )
      return undefined;
    return {
      kind: 'flaw',
      note: 'It changed no file though it declared writes.',
      prompt: nothingWrittenPrompt(writes),
      error: new TaskExecutionError(
        `The task declared that it writes ${writes.join(', ')}, and changed no file.`,
        {
          hint: 'Say in the prompt what is to be written, or take writes out; then job_steer retry.',
        },
      ),
    };
  }

  async #verify(): Promise<Flaw | { readonly kind: 'good'; readonly check: Check }> {
    const { verify } = this.#a.task.spec;
    const check = await this.#a.verifier.check(verify, this.#folder.path, this.#a.lane.env, this.#a.signal);
    const asRedAsBefore = check.verification === 'none';
    if (verify === undefined || !(asRedAsBefore || check.verification === 'failed'))
      return { kind: 'good', check };
    return {
      kind: 'flaw',
      ...(asRedAsBefore ? { excused: check } : {}),
      note: check.note,
      prompt: repairPrompt(verify, check.note, check.output.slice(-8000)),
      error: new TaskExecutionError(
        `The verification is red after ${LIMITS.repairRounds} repairs: ${check.note}`,
        {
          hint: 'task_output shows what it printed. job_steer retry runs it again; another prompt or verify needs a new job.',
          context: { verification: 'failed', note: check.note },
        },
      ),
    };
  }

  async #repairing(round: number, note: string): Promise<void> {
    const { journal, task } = this.#a;
    const { attempts, repairs } = journal.task(task.spec.id);
    await journal.record({
      tasks: [{ id: task.spec.id, move: 'repair', patch: { repairs: repairs + 1 } }],
      happenings: [{ type: 'task.repairing', taskId: task.spec.id, attempt: attempts, round, note }],
    });
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

/** What a repair should mend, and the error where it is not mended. */
type Flaw = {
  readonly kind: 'flaw';
  readonly note: string;
  readonly prompt: string;
  readonly error: TaskExecutionError;
  /** The check with which the task is done all the same, where none of the redness is its own. */
  readonly excused?: Check;
};
