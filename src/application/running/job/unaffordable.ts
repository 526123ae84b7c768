import type { TaskId } from '../../../domain/ids.ts';
import { costOf } from '../../../domain/jobFigures.ts';
import type { JobJournal } from '../../journal.ts';

/** Why no further task may begin, where the job's budget is spent. */
export const overBudget = ({ job, tasks }: JobJournal): string | undefined => {
  if (job.spec.budgetUsd === undefined) return undefined;
  const spent = costOf(job, [...tasks.values()]);
  return spent < job.spec.budgetUsd
    ? undefined
    : `The job's budget of $${job.spec.budgetUsd} is spent ($${spent.toFixed(4)}).`;
};

/** Ends a task that is not even begun, because the job could not bear it. */
export const skipUnaffordable = (journal: JobJournal, id: TaskId, reason: string): Promise<void> =>
  journal.record({
    tasks: [
      {
        id,
        move: 'skip',
        patch: {
          error: {
            code: 'TASK_EXECUTION',
            message: reason,
            hint: 'Submit the rest as a new job, or mend the cause and job_steer retry.',
            retryable: false,
          },
          resume: undefined,
        },
      },
    ],
    happenings: [{ type: 'task.skipped', taskId: id, reason }],
  });
