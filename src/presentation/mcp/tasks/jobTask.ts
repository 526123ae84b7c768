import type { TaskV2 } from '@modelcontextprotocol/ext-tasks/core/v2';
import type { CallToolResult, InputRequests } from '@modelcontextprotocol/server';
import type { JobAnswer } from '../../wire/job.ts';
import type { WholeJobAnswer } from '../../wire/wholeJob.ts';
import { waitingLines } from '../approvalText.ts';

/** A task with its result where it has one: `DetailedTask` of the extension. */
export type JobTask = TaskV2 & { readonly result?: CallToolResult; readonly inputRequests?: InputRequests };

/** Jobs take minutes; a client that wants to know sooner has the progress of `job_wait`. */
const POLL_MS = 3000;

/** A job's task has the job's id; what has not ended is at work, unless a person has to approve something. */
const STATUS: Readonly<Record<JobAnswer['status'], TaskV2['status']>> = {
  submitted: 'working',
  planning: 'working',
  running: 'working',
  integrating: 'working',
  succeeded: 'completed',
  // `failed` is for protocol errors alone: a job that failed has a result, which says so.
  failed: 'completed',
  cancelled: 'cancelled',
};

const message = ({ status, progress, attention, approvals, error }: JobAnswer): string => {
  const count = progress.total === 0 ? '' : `, ${progress.done}/${progress.total} tasks done`;
  const waits = approvals === undefined ? undefined : waitingLines(approvals).join(' ');
  const more = waits ?? attention?.reason ?? error?.message;
  return `${status}${count}${more === undefined ? '' : `. ${more}`}`;
};

/** A job that was just submitted, as the first state of its task. */
export const newJobTask = (job: JobAnswer): TaskV2 => ({
  taskId: job.job_id,
  status:
    STATUS[job.status] === 'working' && job.approvals !== undefined ? 'input_required' : STATUS[job.status],
  statusMessage: message(job),
  createdAt: job.created_at,
  lastUpdatedAt: job.ended_at ?? job.created_at,
  // Jobs are kept until a person removes them.
  ttlMs: null,
  pollIntervalMs: POLL_MS,
});

/** The last time that anything is known to have begun or ended: ISO times sort by their letters. */
const lastChange = ({ created_at, ended_at, tasks }: WholeJobAnswer): string =>
  [created_at, ended_at, ...tasks.flatMap((task) => [task.started_at, task.ended_at])].reduce<string>(
    (latest, time) => (time !== undefined && time > latest ? time : latest),
    created_at,
  );

/**
 * A job as the Tasks extension shows it.
 * @param result what `job_result` answers; asked for only where the job has ended.
 * @param requests what the client may put to its person; asked for only where something waits.
 */
export const jobTask = async (
  job: WholeJobAnswer,
  result: () => Promise<CallToolResult>,
  requests: () => Promise<InputRequests>,
): Promise<JobTask> => {
  const task = { ...newJobTask(job), lastUpdatedAt: lastChange(job) };
  if (task.status === 'input_required') return { ...task, inputRequests: await requests() };
  if (task.status !== 'completed') return task;
  const failure = job.status === 'failed' ? { isError: true } : {};
  // It is held against the whole result of a call, of which `resultType` is a part in this revision.
  return { ...task, result: { resultType: 'complete', ...(await result()), ...failure } };
};
