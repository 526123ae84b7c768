import type { ActionResult, JobCalls } from '../../page/job/data/jobActions.ts';
import { jobIn, wordsIn } from './answers.ts';
import type { Host } from './host.ts';
import type { JobFeed } from './jobFeed.ts';

const REASON = 'Asked for in the job view.';

/** What can be done with a job, as calls of tools that the host passes on, and may ask its user about. */
export const toolCalls = (host: Host, feed: JobFeed): JobCalls => {
  const act = async (
    tool: 'job_cancel' | 'job_steer',
    args: Readonly<Record<string, string>>,
    words: string,
  ): Promise<ActionResult> => {
    try {
      const result = await host.call(tool, args);
      if (result.isError === true) return { ok: false, words: wordsIn(result) };
      const answer = jobIn(result);
      if (answer !== undefined) feed.take(answer);
      return { ok: true, words };
    } catch (error) {
      return { ok: false, words: error instanceof Error ? error.message : String(error) };
    }
  };
  return {
    cancelJob: (job_id) => act('job_cancel', { job_id, reason: REASON }, 'The job is cancelled.'),
    cancelTask: (job_id, task_id) =>
      act('job_cancel', { job_id, task_id, reason: REASON }, 'The task is cancelled.'),
    retry: (job_id, task_id) =>
      act(
        'job_steer',
        { job_id, action: 'retry', ...(task_id === undefined ? {} : { task_id }) },
        task_id === undefined ? 'The job goes on.' : 'The task runs again.',
      ),
    skipTask: (job_id, task_id) =>
      act('job_steer', { job_id, task_id, action: 'skip', reason: REASON }, 'The task is skipped.'),
    messageTask: (job_id, task_id, message) =>
      act('job_steer', { job_id, task_id, action: 'message', message }, 'Sent to the worker.'),
  };
};
