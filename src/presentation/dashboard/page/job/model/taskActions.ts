import type { WholeJob, WholeTask } from './wire.ts';

const OPEN_JOB: ReadonlySet<string> = new Set(['running', 'integrating', 'failed']);
const LIVE_JOB: ReadonlySet<string> = new Set(['planning', 'running', 'integrating', 'submitted']);
const LIVE_TASK: ReadonlySet<string> = new Set(['running', 'verifying']);
const OPEN_TASK: ReadonlySet<string> = new Set(['waiting', 'ready', 'running', 'verifying', 'parked']);

/** Whether a retry of the task can be taken: it failed or was skipped, and the job is not over for good. */
export const canRunAgain = (job: Pick<WholeJob, 'status'>, task: Pick<WholeTask, 'status'>): boolean =>
  OPEN_JOB.has(job.status) && (task.status === 'failed' || task.status === 'skipped');

export const canSkip = (job: Pick<WholeJob, 'status'>, task: Pick<WholeTask, 'status'>): boolean =>
  LIVE_JOB.has(job.status) && (OPEN_TASK.has(task.status) || task.status === 'failed');

export const canCancel = (job: Pick<WholeJob, 'status'>, task: Pick<WholeTask, 'status'>): boolean =>
  LIVE_JOB.has(job.status) && OPEN_TASK.has(task.status);

/** A message reaches a worker that is at work, and nobody else. */
export const canHear = (task: Pick<WholeTask, 'status'>): boolean => LIVE_TASK.has(task.status);
