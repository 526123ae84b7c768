import { TaskExecutionError, toErrorRecord } from '../../../domain/errors/index.ts';
import { addTokens, type Task } from '../../../domain/task.ts';
import { canMoveTask, type TaskMove } from '../../../domain/transitions.ts';
import type { SpentMeter } from '../../supervising/spentMeter.ts';
import type { Accepted, Parked } from './attempt.ts';
import { type Interruption, stoppedByPerson } from './interruption.ts';
import type { TaskRunDeps } from './taskRunDeps.ts';

/** What a run has used so far, added to what its task had used before. */
export type Used = { readonly meter: SpentMeter; readonly startedAt: number };

/** Its work is committed and verified: the task is done. */
export const accept = async (d: TaskRunDeps, accepted: Accepted, used: Used): Promise<void> => {
  const { report, check } = accepted;
  const { attempts } = d.journal.task(d.taskId);
  await d.journal.record({
    tasks: [
      {
        id: d.taskId,
        move: 'accept',
        patch: {
          ...accounts(d, used),
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

/** Nothing of the task lives from here on: its process is gone and its place free, its folder stays as it is. */
export const park = async (d: TaskRunDeps, { parkedAt, resume }: Parked, used: Used): Promise<void> => {
  await d.lane.endWorker();
  d.signal.throwIfAborted();
  const { attempts } = d.journal.task(d.taskId);
  d.lane.leaveFolder();
  await d.journal.record({
    tasks: [{ id: d.taskId, move: 'park', patch: { ...accounts(d, used), resume } }],
    happenings: [{ type: 'task.parked', taskId: d.taskId, attempt: attempts, approvalId: parkedAt.id }],
  });
};

/** It cannot be done: the lane is given up, and its worktree kept where there is work in it. */
export const failed = async (d: TaskRunDeps, thrown: unknown, used: Used): Promise<void> => {
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
          ...accounts(d, used),
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

/** Cancelled, skipped, put behind another task, or stopped with the server. */
export const stopped = async (d: TaskRunDeps, why: Interruption, used: Used): Promise<void> => {
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
    tasks: [{ id: d.taskId, move, patch: { ...accounts(d, used), ...patch, resume: undefined } }],
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
  { meter: { total }, startedAt }: Used,
): Pick<Task, 'costUsd' | 'tokens' | 'seconds'> => {
  const before = d.journal.task(d.taskId);
  return {
    costUsd: before.costUsd + total.costUsd,
    tokens: addTokens(before.tokens, total.tokens),
    seconds: before.seconds + (d.clock.now() - startedAt) / 1000,
  };
};
