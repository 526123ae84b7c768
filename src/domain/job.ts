import { z } from 'zod';
import { commitSchema, jobIdSchema, taskIdSchema } from './ids.ts';
import { LOCAL_AGENT, principalIdSchema } from './principal.ts';
import {
  budgetUsdSchema,
  commandSchema,
  errorRecordSchema,
  modelSchema,
  prioritySchema,
  promptSchema,
  relativePathSchema,
  taskSpecSchema,
  timeoutSecondsSchema,
  tokensSchema,
} from './task.ts';

export const isolationSchema = z.enum(['worktree', 'shared']);

/** What was asked. The body that an idempotency key stands for is exactly this. */
export const jobSpecSchema = z.object({
  request: promptSchema,
  /** Absolute path, as the caller gave it. */
  workspace: z.string().min(1).max(4096),
  tasks: z.array(taskSpecSchema).readonly().optional(),
  /** Run once in every new worktree before the first task. */
  setup: commandSchema.optional(),
  /** Ignored files to bring along into every worktree (`.env`, caches). */
  copy: z.array(relativePathSchema).max(200).readonly(),
  /** The whole job's verification, run on the merged result. */
  verify: commandSchema.optional(),
  isolation: isolationSchema,
  /** Give every task its own worktree and process. */
  fresh: z.boolean(),
  /** `branch` leaves the result on `orchestrator/<job>`; `merge` also moves the user's branch. */
  apply: z.enum(['branch', 'merge']),
  allowUnverified: z.boolean(),
  maxWorkers: z.number().int().min(1).max(100).optional(),
  budgetUsd: budgetUsdSchema.optional(),
  /** Deadline of each task that names none of its own. */
  timeoutSeconds: timeoutSecondsSchema.optional(),
  priority: prioritySchema,
  model: modelSchema.optional(),
});
export type JobSpec = z.infer<typeof jobSpecSchema>;

export const jobStatusSchema = z.enum([
  'planning',
  'running',
  'integrating',
  'succeeded',
  'failed',
  'cancelled',
]);
export type JobStatus = z.infer<typeof jobStatusSchema>;
export const TERMINAL_JOB: ReadonlySet<JobStatus> = new Set(['succeeded', 'failed', 'cancelled']);

export const complexitySchema = z.enum(['SIMPLE', 'MODERATE', 'COMPLEX']);
export type Complexity = z.infer<typeof complexitySchema>;

/** What was predicted before the work; the receipt repeats it beside what happened. */
export const estimateSchema = z.object({
  tasks: z.number(),
  workers: z.number(),
  /** Longest chain of tasks plus what starting costs, seconds. */
  criticalPathSeconds: z.number(),
  /** One worker doing everything, seconds. */
  serialSeconds: z.number(),
  parallelWorthIt: z.boolean(),
  costUsd: z.number(),
});
export type Estimate = z.infer<typeof estimateSchema>;

export const receiptSchema = z.object({
  wallSeconds: z.number(),
  /** Sum over the tasks of the seconds in which a worker or a verification worked on them. */
  workerSeconds: z.number(),
  criticalPathSeconds: z.number(),
  criticalPath: z.array(taskIdSchema).readonly(),
  /** workerSeconds ÷ wallSeconds. */
  speedup: z.number(),
  /** workerSeconds ÷ (wallSeconds × lanes): 1 means that no lane ever waited. */
  utilization: z.number(),
  lanes: z.number(),
  tokens: tokensSchema,
  costUsd: z.number(),
  conflicts: z.number(),
  collisionsHeldBack: z.number(),
  /** Times that a verification was red after a worker had said it was finished. */
  verificationCatches: z.number(),
  repairs: z.number(),
  retries: z.number(),
  /** Tool calls of workers that the gate refused, or somebody denied. */
  refusals: z.number(),
  estimate: estimateSchema.optional(),
});
export type Receipt = z.infer<typeof receiptSchema>;

export const attentionSchema = z.object({
  /** What is wanted of a person, in one or two sentences. */
  reason: z.string(),
  /** Git refs that hold the work in question. */
  refs: z.array(z.string()).readonly(),
  /** Whoever submitted the job cannot let it go on: a person does, or another who may approve. */
  wants: z.literal('approver').optional(),
});

export const planSourceSchema = z.enum(['caller', 'list', 'planner', 'single']);
export type PlanSource = z.infer<typeof planSourceSchema>;

export const jobSchema = z.object({
  id: jobIdSchema,
  /** Who submitted it. Jobs of before there were principals are the local agent's. */
  owner: principalIdSchema.default(LOCAL_AGENT.id),
  spec: jobSpecSchema,
  status: jobStatusSchema,
  /** Milliseconds since the epoch. */
  createdAt: z.number(),
  endedAt: z.number().optional(),
  /** Where the work starts from: the user's HEAD at submission. */
  base: z.object({ commit: commitSchema, branch: z.string().nullable() }).optional(),
  planSource: planSourceSchema.optional(),
  estimate: estimateSchema.optional(),
  warnings: z.array(z.string()).readonly(),
  attention: attentionSchema.optional(),
  /** The integration branch, `orchestrator/<job>`. */
  branch: z.string().optional(),
  commit: commitSchema.optional(),
  /** True once the user's own branch holds the result. */
  applied: z.boolean(),
  filesChanged: z.array(z.string()).readonly(),
  verification: z.enum(['passed', 'failed', 'none']),
  verificationNote: z.string().optional(),
  /** Cost of planning and conflict resolution, which belong to no task. */
  overheadCostUsd: z.number(),
  receipt: receiptSchema.optional(),
  error: errorRecordSchema.optional(),
});
export type Job = z.infer<typeof jobSchema>;

export const isTerminal = (job: Job): boolean => TERMINAL_JOB.has(job.status);
