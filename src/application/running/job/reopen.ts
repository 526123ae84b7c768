import { ConflictError } from '../../../domain/errors/index.ts';
import type { TaskId } from '../../../domain/ids.ts';
import type { Job } from '../../../domain/job.ts';
import { buildPlan } from '../../../domain/plan.ts';
import type { Steer } from '../../api.ts';
import type { JobJournal } from '../../journal.ts';
import { skippedBecauseOf, skippedByPerson } from '../../scheduling/taskGraph.ts';

/** Tasks that a retry of the whole job runs again: what failed, and what was skipped by nobody's wish. */
export const retriable = (journal: JobJournal): TaskId[] =>
  [...journal.tasks.values()]
    .filter((task) => task.status === 'failed' || (task.status === 'skipped' && !skippedByPerson(task)))
    .map((task) => task.spec.id);

/**
 * Makes tasks wait again that were not done, and with them those that were skipped because of them. A failed job
 * runs again; where no task of it failed, it is put together and verified again.
 * @throws ConflictError where a named task was done, or the work is being merged just now.
 */
export const reopenTasks = async (journal: JobJournal, ids: readonly TaskId[]): Promise<void> => {
  const { job } = journal;
  if (job.status === 'integrating' && job.attention === undefined) {
    throw new ConflictError('The work of this job is being merged just now.', {
      hint: 'Wait for its end with job_wait, then retry.',
      retryable: true,
    });
  }
  const { order } = buildPlan([...journal.tasks.values()].map((task) => task.spec));
  const all = new Set(ids.flatMap((id) => [id, ...skippedBecauseOf(id, order, journal.tasks)]));
  const restart = job.status === 'failed' || job.status === 'integrating';
  if (all.size === 0 && job.status !== 'failed') {
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
  await journal.record({
    tasks: [...all].map((id) => ({ id, move: 'reopen', patch: { error: undefined, endedAt: undefined } })),
    ...(restart
      ? {
          job: {
            move: 'reopen',
            patch: {
              endedAt: undefined,
              error: undefined,
              receipt: undefined,
              attention: undefined,
              // What is put together anew is another result.
              commit: undefined,
              branch: undefined,
            },
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

/**
 * A steer that a job which ended understands: `retry`, where it failed.
 * @throws ConflictError for every other.
 */
export const retryOf = (job: Job, steer: Steer): Steer & { action: 'retry' } => {
  if (steer.action === 'retry' && job.status === 'failed') return steer;
  throw new ConflictError(`Job ${job.id} is ${job.status} already.`, {
    hint:
      steer.action === 'retry'
        ? 'Only a failed job can be retried; submit a new one.'
        : 'Only a running job can be steered.',
  });
};
