import {
  AuthenticationError,
  ConfigurationError,
  type OrchestratorError,
  TaskExecutionError,
  toErrorRecord,
} from '../../domain/errors/index.ts';
import type { Commit, TaskId } from '../../domain/ids.ts';
import { addTokens, type Task } from '../../domain/task.ts';
import { canMoveTask, type TaskMove } from '../../domain/transitions.ts';
import type { JobJournal } from '../journal.ts';
import type { Clock, WorkerEvent } from '../ports.ts';
import { type Accepted, runAttempt } from './attempt.ts';
import type { Deadline } from './deadline.ts';
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
};

/** `hopeless`: the failure would befall every other task too (no credentials, setup broken). */
export type TaskEnd = { readonly hopeless: boolean };

/**
 * Runs a task in a lane to a status: attempts with retries, and whatever comes from outside (cancel, skip, hold,
 * shutdown).
 * @throws where the store cannot write, or a process or folder cannot be brought to an end.
 */
export const runTask = async (d: TaskRunDeps): Promise<TaskEnd> => {
  const startedAt = d.clock.now();
  const meter = new SpentMeter();
  try {
    const accepted = await withRetries(
      d.signal,
      async () => {
        meter.nextAttempt();
        try {
          return await attempt(d, meter);
        } catch (error) {
          meter.read(error);
          // The process is replaced before another try; its folder is cleaned by the next one.
          await d.lane.endWorker();
          throw error;
        }
      },
      (error, delayMs) => void retrying(d, error, delayMs).catch(() => undefined),
    );
    await accept(d, accepted, meter, startedAt);
    await recycle(d, accepted.leftoversGone);
    return { hopeless: false };
  } catch (thrown) {
    if (d.journal.ended(d.taskId)) throw thrown;
    const interruption = interruptionIn(d.signal);
    if (interruption !== undefined) {
      await stopped(d, interruption, meter, startedAt);
      return { hopeless: false };
    }
    await failed(d, thrown, meter, startedAt);
    return { hopeless: thrown instanceof AuthenticationError || thrown instanceof ConfigurationError };
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

const attempt = async (d: TaskRunDeps, meter: SpentMeter): Promise<Accepted> => {
  const { journal, taskId } = d;
  const task = journal.task(taskId);
  return runAttempt({
    ...d,
    task,
    onSpent: (spent) => meter.read(spent),
    base: await d.base(),
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
  await d.lane.discard(false);
  // At a shutdown the state stays as it is: the task was in flight, and the next start sees that.
  if (why.kind === 'shutdown') return;
  const task = d.journal.task(d.taskId);
  const move: TaskMove = why.kind;
  if (!canMoveTask(task.status, move)) return;
  const patch: Partial<Task> =
    why.kind === 'hold'
      ? { ...accounts(d, meter, startedAt), orderedAfter: [...task.orderedAfter, why.behind] }
      : { ...accounts(d, meter, startedAt), endedAt: d.clock.now(), error: stoppedByPerson(why.reason) };
  await d.journal.record({
    tasks: [{ id: d.taskId, move, patch }],
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
