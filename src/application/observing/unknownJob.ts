import { JobNotFoundError } from '../../domain/errors/index.ts';
import type { JobId } from '../../domain/ids.ts';

/** The one answer for a job that is not there and for one that the caller may not know of. */
export const unknownJob = (id: JobId): JobNotFoundError =>
  new JobNotFoundError(`There is no job ${id}.`, { hint: 'job_list shows the jobs that you can see.' });
