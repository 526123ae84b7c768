import type { Approval } from '../../domain/approval.ts';
import {
  AuthenticationError,
  ConfigurationError,
  DangerousOperationError,
  type OrchestratorError,
  TaskExecutionError,
  toErrorRecord,
} from '../../domain/errors/index.ts';
import type { Commit, TaskId } from '../../domain/ids.ts';
import { addTokens, type Task } from '../../domain/task.ts';
import { canMoveTask, type TaskMove } from '../../domain/transitions.ts';
import type { JobJournal } from '../journal.ts';
import type { Clock } from '../ports/system.ts';
import type { WorkerEvent } from '../ports/worker.ts';
import { type Accepted, type Parked, runAttempt } from './attempt.ts';
import type { Deadline } from './deadline.ts';
import type { HeldCalls } from './heldCalls.ts';
import { type Interruption, interruptionIn, stoppedByPerson } from './interruption.ts';
import type { Lane, Wanted } from './lane.ts';
import { withRetries } from './retry.ts';
import { SpentMeter } from './spentMeter.ts';
import type { Verifier } from './verifier.ts';

export type TaskRunDeps = {
  readonly journal: JobJournal;
  readonly clock: Clock;
  readonly taskId: TaskId;
  readonly lane: Lane;
  readonly wanted: Wanted;
  readonly verifier: Verifier;
  readonly deadline: Deadline;
  readonly signal: AbortSignal;
  readonly promptFor: (folder: string) => string;
  readonly onEvent: (event: WorkerEvent) => void;
  readonly onAlive: () => void;
  /** The commit that the task starts from. */
  readonly base: () => Promise<Commit | undefined>;
  readonly held: HeldCalls;
  /** Makes a kept worktree the lane's folder. */
  readonly adopt: (worktree: string) => Promise<void>;
  /** The conversation is given up: nobody will ask for what it asked for. */
  readonly forget: () => Promise<void>;
};

const HOPELESS = [AuthenticationError, ConfigurationError, DangerousOperationError];

/** `hopeless`: the failure would befall every other task too (no credentials, setup broken). */
export type TaskEnd = {
  readonly hopeless: boolean;
  /** It waits for this to be decided, without a process. */
  readonly parkedAt?: Approval;
};

/**
 * Runs a task in a lane to a status: attempts with retries, and whatever comes from outside (cancel, skip, hold,
 * shutdown).
 * @throws where the store cannot write, or a process or folder cannot be brought to an end.
 */
export const runTask = async (d: TaskRunDeps): Promise<TaskEnd> => {
  const startedAt = d.clock.now();
  const meter = new SpentMeter();
  try {
    const outcome = await withRetries(
      d.signal,
      async () => {
        meter.nextAttempt(d.journal.task(d.taskId).resume?.spent);
        try {
          return await attempt(d, meter);
        } catch (error) {
          meter.read(error);
          // The process is replaced before another try; its folder is cleaned by the next one.
          await d.lane.endWorker();
          await beginAnew(d);
          throw error;
        }
      },
      (error, delayMs) => void retrying(d, error, delayMs).catch(() => undefined),
    );
    if ('parkedAt' in outcome) {
      await park(d, outcome, meter, startedAt);
      return { hopeless: false, parkedAt: outcome.parkedAt };
    }
    await accept(d, outcome, meter, startedAt);
    await recycle(d, outcome.leftoversGone);
    return { hopeless: false };
  } catch (thrown) {
    if (d.journal.ended(d.taskId)) throw thrown;
    const interruption = interruptionIn(d.signal);
    if (interruption !== undefined) {
      await stopped(d, interruption, meter, startedAt);
      return { hopeless: false };
    }
    await failed(d, thrown, meter, startedAt);
    return { hopeless: HOPELESS.some((kind) => thrown instanceof kind) };
  }
};

/** A lane that cannot be made ready for the next task is given up; the task that is done stays done. */
const recycle = async (d: TaskRunDeps, leftoversGone: boolean): Promise<void> => {
  try {
    await d.lane.recycle(leftoversGone);
  } catch {
    await d.lane.discard(false);
  }
};

/** The next try has a conversation of its own, unless this one was cut off while a call of it waited. */
const beginAnew = async (d: TaskRunDeps): Promise<void> => {
  if (d.journal.task(d.taskId).resume === undefined || d.held.interrupted || d.journal.ended(d.taskId))
    return;
  await d.journal.record({ tasks: [{ id: d.taskId, patch: { resume: undefined } }], happenings: [] });
  await d.forget();
};

/** Nothing of the task lives from here on: its process is gone and its place free, its folder stays as it is. */
const park = async (
  d: TaskRunDeps,
  { parkedAt, resume }: Parked,
  meter: SpentMeter,
  startedAt: number,
): Promise<void> => {
  await d.lane.endWorker();
  d.signal.throwIfAborted();
  const { attempts } = d.journal.task(d.taskId);
  d.lane.leaveFolder();
  await d.journal.record({
    tasks: [{ id: d.taskId, move: 'park', patch: { ...accounts(d, meter, startedAt), resume } }],
    happenings: [{ type: 'task.parked', taskId: d.taskId, attempt: attempts, approvalId: parkedAt.id }],
  });
};

const attempt = async (d: TaskRunDeps, meter: SpentMeter): Promise<Accepted | Parked> => {
  const { journal, taskId } = d;
  const task = journal.task(taskId);
  if (task.resume !== undefined) await d.adopt(task.resume.worktree);
  return runAttempt({
    ...d,
    task,
    onSpent: (spent) => meter.read(spent),
    spent: () => meter.told,
    // What it is based on was merged when it began; merged anew it would be another commit.
    base: task.resume?.base ?? (await d.base()),
    commitMessage: () =>
      [`${task.spec.title}`, '', `Orchestrator-Job: ${journal.job.id}`, `Orchestrator-Task: ${taskId}`].join(
        '\n',
      ),
  });
};

const accept = async (
  d: TaskRunDeps,
  accepted: Accepted,
  meter: SpentMeter,
  startedAt: number,
): Promise<void> => {
  const { report, check } = accepted;
  const { attempts } = d.journal.task(d.taskId);
  await d.journal.record({
    tasks: [
      {
        id: d.taskId,
        move: 'accept',
        patch: {
          ...accounts(d, meter, startedAt),
          endedAt: d.clock.now(),
          verification: check.verification,
          verificationNote: check.note,
          commit: report.commit,
          filesChanged: report.filesChanged,
          error: undefined,
        },
      },
    ],
    happenings: [
      {
        type: 'task.done',
        taskId: d.taskId,
        attempt: attempts,
        verification: check.verification,
        ...(report.commit === undefined ? {} : { commit: report.commit }),
        filesChanged: report.filesChanged.length,
      },
    ],
  });
};

const retrying = async (d: TaskRunDeps, error: OrchestratorError, delayMs: number): Promise<void> => {
  const task = d.journal.task(d.taskId);
  await d.journal.record({
    tasks: canMoveTask(task.status, 'retry')
      ? [{ id: d.taskId, move: 'retry', patch: { failures: task.failures + 1 } }]
      : [],
    happenings: [
      { type: 'task.retrying', taskId: d.taskId, attempt: task.attempts, error: error.toRecord(), delayMs },
    ],
  });
};

const failed = async (
  d: TaskRunDeps,
  thrown: unknown,
  meter: SpentMeter,
  startedAt: number,
): Promise<void> => {
  const began = d.journal.task(d.taskId).status !== 'ready';
  const keptWorktree = await d.lane.discard(began);
  const task = d.journal.task(d.taskId);
  const error = toErrorRecord(thrown);
  const red = thrown instanceof TaskExecutionError && thrown.context.verification === 'failed';
  await d.journal.record({
    tasks: [
      {
        id: d.taskId,
        move: 'fail',
        patch: {
          ...accounts(d, meter, startedAt),
          endedAt: d.clock.now(),
          failures: task.failures + 1,
          error,
          keptWorktree,
          resume: undefined,
          ...(red
            ? { verification: 'failed' as const, verificationNote: String(thrown.context.note ?? '') }
            : {}),
        },
      },
    ],
    happenings: [{ type: 'task.failed', taskId: d.taskId, attempt: task.attempts, error }],
  });
};

const stopped = async (
  d: TaskRunDeps,
  why: Interruption,
  meter: SpentMeter,
  startedAt: number,
): Promise<void> => {
  // At a shutdown the state stays as it is: the task was in flight, and the next start sees that.
  if (why.kind === 'shutdown') {
    await d.lane.endWorker();
    // A call of it waits for a person: the next start goes on in its folder.
    if (d.journal.task(d.taskId).resume !== undefined) d.lane.leaveFolder();
    await d.lane.discard(false);
    return;
  }
  await d.lane.discard(false);
  const task = d.journal.task(d.taskId);
  const move: TaskMove = why.kind;
  if (!canMoveTask(task.status, move)) return;
  const patch: Partial<Task> =
    why.kind === 'hold'
      ? { orderedAfter: [...task.orderedAfter, why.behind] }
      : { endedAt: d.clock.now(), error: stoppedByPerson(why.reason) };
  await d.forget();
  await d.journal.record({
    tasks: [{ id: d.taskId, move, patch: { ...accounts(d, meter, startedAt), ...patch, resume: undefined } }],
    happenings: [
      why.kind === 'hold'
        ? { type: 'task.held', taskId: d.taskId, behind: why.behind, reason: why.reason, live: true }
        : {
            type: why.kind === 'skip' ? 'task.skipped' : 'task.cancelled',
            taskId: d.taskId,
            reason: why.reason,
          },
    ],
  });
};

const accounts = (
  d: TaskRunDeps,
  { total }: SpentMeter,
  startedAt: number,
): Pick<Task, 'costUsd' | 'tokens' | 'seconds'> => {
  const before = d.journal.task(d.taskId);
  return {
    costUsd: before.costUsd + total.costUsd,
    tokens: addTokens(before.tokens, total.tokens),
    seconds: before.seconds + (d.clock.now() - startedAt) / 1000,
  };
};
