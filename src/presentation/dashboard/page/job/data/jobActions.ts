import { ProblemError, postJson } from '../../data/http.ts';
import { apiPath } from './paths.ts';

/** What came of an action, in words for a person. */
export type ActionResult = { readonly ok: boolean; readonly words: string };

const act = async (path: string, body: object, words: string): Promise<ActionResult> => {
  try {
    await postJson<unknown>(path, body);
    return { ok: true, words };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { ok: false, words: `${error.message} ${error.hint}`.trim() };
  }
};

/** What can be done with a job and its tasks, by whichever way it gets to the server. */
export type JobCalls = {
  cancelJob(jobId: string): Promise<ActionResult>;
  cancelTask(jobId: string, taskId: string): Promise<ActionResult>;
  /** Without a task: every task that was not done. */
  retry(jobId: string, taskId?: string): Promise<ActionResult>;
  skipTask(jobId: string, taskId: string): Promise<ActionResult>;
  messageTask(jobId: string, taskId: string, message: string): Promise<ActionResult>;
};

export const cancelJob = (jobId: string): Promise<ActionResult> =>
  act(apiPath(jobId, 'cancel'), { reason: 'Cancelled in the dashboard.' }, 'The job is being cancelled.');

export const cancelTask = (jobId: string, taskId: string): Promise<ActionResult> =>
  act(
    apiPath(jobId, 'cancel'),
    { task_id: taskId, reason: 'Cancelled in the dashboard.' },
    'The task is being cancelled.',
  );

/** Without a task: every task that was not done. */
export const retry = (jobId: string, taskId?: string): Promise<ActionResult> =>
  act(
    apiPath(jobId, 'steer'),
    { action: 'retry', ...(taskId === undefined ? {} : { task_id: taskId }) },
    taskId === undefined ? 'The job goes on.' : 'The task runs again.',
  );

export const skipTask = (jobId: string, taskId: string): Promise<ActionResult> =>
  act(
    apiPath(jobId, 'steer'),
    { action: 'skip', task_id: taskId, reason: 'Skipped in the dashboard.' },
    'The task is skipped.',
  );

export const messageTask = (jobId: string, taskId: string, message: string): Promise<ActionResult> =>
  act(apiPath(jobId, 'steer'), { action: 'message', task_id: taskId, message }, 'Sent to the worker.');

export const restCalls: JobCalls = { cancelJob, cancelTask, retry, skipTask, messageTask };
