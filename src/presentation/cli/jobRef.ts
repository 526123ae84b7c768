import { JobNotFoundError, TaskValidationError } from '../../domain/errors/index.ts';
import { jobIdSchema } from '../../domain/ids.ts';
import type { JobStatus } from '../../domain/job.ts';
import type { JobRow } from '../wire/jobList.ts';
import type { CliClient } from './deps.ts';

type Lister = Pick<CliClient, 'list'>;

const PAGE = 50;
const SHOWN = 5;

const allJobs = async function* (client: Lister): AsyncGenerator<JobRow> {
  let cursor: string | undefined;
  do {
    const page = await client.list({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.jobs;
    cursor = page.next_cursor;
  } while (cursor !== undefined);
};

/**
 * The job that a person means.
 * @param ref an id, a beginning of one that no other job has (`job_` may be left out), or `latest`.
 * @returns the whole id. A whole id is not looked up: the call that follows says whether there is such a job.
 * @throws JobNotFoundError, TaskValidationError where several begin so.
 */
export const resolveJob = async (client: Lister, ref: string): Promise<string> => {
  const asked = ref.trim().toLowerCase();
  if (asked === 'latest') return latest(client);
  if (jobIdSchema.safeParse(asked).success) return asked;
  const prefix = asked.startsWith('job_') ? asked : `job_${asked}`;
  const fitting: string[] = [];
  if (asked !== '' && prefix !== 'job_') {
    for await (const { job_id } of allJobs(client)) if (job_id.startsWith(prefix)) fitting.push(job_id);
  }
  const [only, ...others] = fitting;
  if (only === undefined) {
    throw new JobNotFoundError(`There is no job whose id begins with "${ref}".`, {
      hint: '`claude-orchestrator list` shows the jobs there are; `latest` stands for the newest.',
    });
  }
  if (others.length > 0) {
    const rest = fitting.length > SHOWN ? ` and ${fitting.length - SHOWN} more` : '';
    throw new TaskValidationError(
      `${fitting.length} jobs begin with "${ref}": ${fitting.slice(0, SHOWN).join(', ')}${rest}.`,
      {
        hint: 'Give one or two characters more.',
      },
    );
  }
  return only;
};

const latest = async (client: Lister): Promise<string> => {
  const [job] = (await client.list({ limit: 1 })).jobs;
  if (job !== undefined) return job.job_id;
  throw new JobNotFoundError('There is no job yet.', {
    hint: 'Start one: `claude-orchestrator run "what is to be done"`.',
  });
};

const ALIVE: readonly JobStatus[] = ['planning', 'running', 'integrating'];

/** The newest job that has not ended. @throws JobNotFoundError where none runs. */
export const latestRunning = async (client: Lister): Promise<string> => {
  const pages = await Promise.all(ALIVE.map((status) => client.list({ status, limit: 1 })));
  const [job] = pages.flatMap(({ jobs }) => jobs).sort((a, b) => b.created_at.localeCompare(a.created_at));
  if (job !== undefined) return job.job_id;
  throw new JobNotFoundError('No job runs now.', {
    hint: 'Name one: `claude-orchestrator list` shows those that have ended, `latest` stands for the newest.',
  });
};
