import type { Approval } from '../../../domain/approval.ts';
import {
  AuthenticationError,
  ConfigurationError,
  DangerousOperationError,
  type OrchestratorError,
} from '../../../domain/errors/index.ts';
import { canMoveTask } from '../../../domain/transitions.ts';
import { SpentMeter } from '../../supervising/spentMeter.ts';
import { type Accepted, type Parked, runAttempt } from './attempt.ts';
import { interruptionIn } from './interruption.ts';
import { withRetries } from './retry.ts';
import { accept, failed, park, stopped } from './taskEnds.ts';
import type { TaskRunDeps } from './taskRunDeps.ts';

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
  const meter = new SpentMeter();
  const used = { meter, startedAt: d.clock.now() };
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
      await park(d, outcome, used);
      return { hopeless: false, parkedAt: outcome.parkedAt };
    }
    await accept(d, outcome, used);
    await recycle(d, outcome.leftoversGone);
    return { hopeless: false };
  } catch (thrown) {
    if (d.journal.ended(d.taskId)) throw thrown;
    const interruption = interruptionIn(d.signal);
    if (interruption !== undefined) {
      await stopped(d, interruption, used);
      return { hopeless: false };
    }
    await failed(d, thrown, used);
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
