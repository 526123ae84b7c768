import { ConflictError } from '../../domain/errors/index.ts';
import type { TaskId } from '../../domain/ids.ts';
import { buildPlan } from '../../domain/plan.ts';
import type { JobJournal } from '../journal.ts';
import { skippedBecauseOf } from './taskGraph.ts';

/**
 * Makes failed tasks wait again, and with them those that were skipped because of them. A failed job runs again.
 * @throws ConflictError where a named task did not fail.
 */
export const reopenTasks = async (journal: JobJournal, ids: readonly TaskId[]): Promise<void> => {
  const { order } = buildPlan([...journal.tasks.values()].map((task) => task.spec));
  const all = new Set(ids.flatMap((id) => [id, ...skippedBecauseOf(id, order, journal.tasks)]));
  if (all.size === 0) {
    throw new ConflictError('No task of this job failed.', {
      hint: 'job_status shows how each task stands.',
    });
  }
  for (const id of all) {
    const { status } = journal.task(id);
    if (status !== 'failed' && status !== 'skipped') {
      throw new ConflictError(`Task "${id}" is ${status}; only a failed or skipped one can be retried.`, {
        hint: 'job_status shows how each task stands.',
      });
    }
  }
  const restart =
    journal.job.status === 'failed' ||
    (journal.job.status === 'integrating' && journal.job.attention !== undefined);
  await journal.record({
    tasks: [...all].map((id) => ({ id, move: 'reopen', patch: { error: undefined, endedAt: undefined } })),
    ...(restart
      ? {
          job: {
            move: 'reopen',
            patch: { endedAt: undefined, error: undefined, receipt: undefined, attention: undefined },
          },
        }
      : {}),
    happenings: [...all].map((id) => ({
      type: 'task.reopened' as const,
      taskId: id,
      reason: 'A retry was asked for.',
    })),
  });
};
