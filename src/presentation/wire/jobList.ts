import { z } from 'zod';
import type { JobView } from '../../application/api.ts';
import { type JobStatus, jobStatusSchema } from '../../domain/job.ts';
import { costOf, progressOf } from '../../domain/jobFigures.ts';
import { inertLine } from './inertText.ts';
import { progressSchema } from './statistics.ts';
import { isoTime, roundUsd } from './task.ts';

/** Rows of one page: more would not fit into an answer. A larger limit gets this many and a cursor. */
const PAGE_ROWS = 50;

export const jobListInputSchema = z.strictObject({
  status: jobStatusSchema.optional(),
  limit: z.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(1000).optional(),
});

export type JobListFilter = {
  readonly statuses?: readonly JobStatus[];
  readonly limit: number;
  readonly cursor?: string;
};

export const jobListFromWire = (input: z.infer<typeof jobListInputSchema>): JobListFilter => ({
  limit: Math.min(input.limit, PAGE_ROWS),
  ...(input.status === undefined ? {} : { statuses: [input.status] }),
  ...(input.cursor === undefined ? {} : { cursor: input.cursor }),
});

export const jobRowSchema = z.object({
  job_id: z.string(),
  status: jobStatusSchema,
  request: z.string(),
  workspace: z.string(),
  progress: progressSchema,
  cost_usd: z.number(),
  branch: z.string().optional(),
  attention: z.string().optional(),
  created_at: z.string(),
  ended_at: z.string().optional(),
});
export type JobRow = z.infer<typeof jobRowSchema>;

export const jobListAnswerSchema = z.object({
  jobs: z.array(jobRowSchema).readonly(),
  next_cursor: z.string().optional(),
});
export type JobListAnswer = z.infer<typeof jobListAnswerSchema>;

/** One line of a list: enough to choose a job by, at most 1,400 bytes. */
export const jobRowToWire = (view: JobView): JobRow => {
  const { job } = view;
  return {
    job_id: job.id,
    status: job.status,
    request: inertLine(job.spec.request, 100),
    workspace: inertLine(job.spec.workspace, 120),
    progress: progressOf(view.tasks),
    cost_usd: roundUsd(costOf(job, view.tasks)),
    ...(job.branch === undefined ? {} : { branch: job.branch }),
    ...(job.attention === undefined ? {} : { attention: inertLine(job.attention.reason, 100) }),
    created_at: isoTime(job.createdAt),
    ...(job.endedAt === undefined ? {} : { ended_at: isoTime(job.endedAt) }),
  };
};
