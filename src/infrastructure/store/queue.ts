import { RateLimitError } from '../../domain/errors/index.ts';
import type { JobId } from '../../domain/ids.ts';
import { type JobSpec, TERMINAL_JOB } from '../../domain/job.ts';
import type { Statements } from './statements.ts';

/** A place frees whenever a task ends, which takes a worker minutes more often than seconds. */
const RETRY_AFTER_MS = 30_000;

/** What a job counts until its plan is written: the caller's own tasks, or one for the request. */
export const expectedTasks = (spec: JobSpec): number => Math.max(spec.tasks?.length ?? 1, 1);

/**
 * What a job counts in the queue: its tasks that have not ended, or what was expected where no plan is
 * written. A job that has ended counts nothing, whatever its tasks say, since nothing will run them.
 */
export const openTasksOf = (statements: Statements, id: JobId): number => {
  const weight = statements.weight.first({ id });
  if (weight === undefined || TERMINAL_JOB.has(weight.status)) return 0;
  return weight.planned === 0 ? weight.expected : weight.open;
};

/** @throws RateLimitError where the queue has no room for `more` tasks. */
export const admit = (open: number, more: number, max: number): void => {
  if (open + more <= max) return;
  const fits = more <= max;
  throw new RateLimitError(`queue full: ${open} of ${max} tasks are open and this job adds ${more}.`, {
    hint: fits
      ? `Try again in ${RETRY_AFTER_MS / 1000} s, when tasks have ended, or cancel a job that is not wanted (job_list, job_cancel).`
      : `Submit the work as several jobs: a queue of ${max} can never hold this one.`,
    retryable: fits,
    ...(fits ? { retryAfterMs: RETRY_AFTER_MS } : {}),
    context: { open, more, max },
  });
};
