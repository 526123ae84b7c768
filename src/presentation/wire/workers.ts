import { z } from 'zod';
import type { BusyWorker, Health } from '../../application/api.ts';
import { inertLine } from './inertText.ts';
import { isoTime } from './task.ts';

export const workerRowSchema = z.object({
  job_id: z.string(),
  task_id: z.string(),
  title: z.string(),
  attempt: z.number(),
  /** Number of the worktree that it works in, within its job. */
  lane: z.number(),
  pid: z.number(),
  status: z.enum(['running', 'verifying']),
  since: z.string(),
});

export const workersAnswerSchema = z.object({
  limit: z.number(),
  /** Processes that there are, those without a task included. */
  live: z.number(),
  busy: z.number(),
  /** Those at a task of a job that the caller may see. */
  workers: z.array(workerRowSchema).readonly(),
});
export type WorkersAnswer = z.infer<typeof workersAnswerSchema>;

export const workersToWire = (counts: Health['workers'], workers: readonly BusyWorker[]): WorkersAnswer => ({
  ...counts,
  workers: workers.map((worker) => ({
    job_id: worker.jobId,
    task_id: worker.taskId,
    title: inertLine(worker.title, 200),
    attempt: worker.attempt,
    lane: worker.lane,
    pid: worker.pid,
    status: worker.status,
    since: isoTime(worker.since),
  })),
});
