import { z } from 'zod';
import { approvalStatusSchema, channelSchema } from './approval.ts';
import { approvalIdSchema, commitSchema, jobIdSchema, taskIdSchema } from './ids.ts';
import { jobStatusSchema } from './job.ts';
import { errorRecordSchema, verificationSchema } from './task.ts';

const task = { taskId: taskIdSchema };
const attempt = { ...task, attempt: z.number().int() };

/**
 * Everything that happens to a job, in the order in which it happened. Progress notifications, answers,
 * logs and receipts are readers of this one list; nothing else says what happened.
 */
export const happeningSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job.submitted'), request: z.string() }),
  z.object({ type: z.literal('job.planned'), tasks: z.number(), source: z.string(), workers: z.number() }),
  z.object({ type: z.literal('job.recovered'), tasksInFlight: z.number() }),
  z.object({ type: z.literal('job.status'), from: jobStatusSchema, to: jobStatusSchema }),
  z.object({ type: z.literal('job.warning'), message: z.string() }),
  z.object({ type: z.literal('job.attention'), reason: z.string(), refs: z.array(z.string()).readonly() }),
  z.object({
    type: z.literal('job.verified'),
    verification: z.enum(['passed', 'failed', 'none']),
    note: z.string(),
  }),
  z.object({ type: z.literal('job.applied'), branch: z.string(), commit: commitSchema }),
  z.object({
    type: z.literal('baseline.finished'),
    command: z.string(),
    green: z.boolean(),
    seconds: z.number(),
  }),
  z.object({ type: z.literal('integration.merged'), ...task, commit: commitSchema }),
  z.object({ type: z.literal('conflict.found'), ...task, files: z.array(z.string()).readonly() }),
  z.object({ type: z.literal('conflict.resolved'), ...task, commit: commitSchema }),
  z.object({ type: z.literal('task.ready'), ...task }),
  z.object({
    type: z.literal('task.started'),
    ...attempt,
    lane: z.number(),
    pid: z.number(),
    sessionId: z.string(),
  }),
  z.object({ type: z.literal('task.verifying'), ...attempt, costUsd: z.number() }),
  z.object({ type: z.literal('task.repairing'), ...attempt, round: z.number(), note: z.string() }),
  z.object({ type: z.literal('task.retrying'), ...attempt, error: errorRecordSchema, delayMs: z.number() }),
  z.object({
    type: z.literal('task.done'),
    ...attempt,
    verification: verificationSchema,
    commit: commitSchema.optional(),
    filesChanged: z.number(),
  }),
  z.object({
    type: z.literal('task.verification'),
    ...task,
    verification: verificationSchema,
    note: z.string(),
  }),
  z.object({ type: z.literal('task.failed'), ...attempt, error: errorRecordSchema }),
  z.object({ type: z.literal('task.skipped'), ...task, reason: z.string() }),
  z.object({ type: z.literal('task.cancelled'), ...task, reason: z.string() }),
  z.object({
    type: z.literal('task.held'),
    ...task,
    behind: taskIdSchema,
    reason: z.string(),
    live: z.boolean(),
  }),
  z.object({ type: z.literal('task.reopened'), ...task, reason: z.string() }),
  z.object({ type: z.literal('task.message'), ...task, message: z.string() }),
  z.object({
    type: z.literal('tool.judged'),
    ...attempt,
    tool: z.string(),
    risk: z.string(),
    allowed: z.boolean(),
    reason: z.string(),
  }),
  z.object({
    type: z.literal('approval.requested'),
    ...attempt,
    approvalId: approvalIdSchema,
    tool: z.string(),
    risk: z.string(),
    reason: z.string(),
    /** True where an equal request was shown already and this call waits with it. */
    again: z.boolean(),
  }),
  z.object({
    type: z.literal('approval.changed'),
    ...task,
    approvalId: approvalIdSchema,
    status: approvalStatusSchema,
    by: z.string().optional(),
    channel: channelSchema.optional(),
    reason: z.string().optional(),
  }),
  z.object({ type: z.literal('task.parked'), ...attempt, approvalId: approvalIdSchema }),
  z.object({ type: z.literal('task.resumed'), ...attempt, sessionId: z.string() }),
  z.object({ type: z.literal('leftover.ended'), ...task, pids: z.array(z.number()).readonly() }),
]);
export type Happening = z.infer<typeof happeningSchema>;

export const eventSchema = z.object({
  jobId: jobIdSchema,
  /** Counts from 1 within the job, without a gap. */
  seq: z.number().int(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  happening: happeningSchema,
});
export type JobEvent = z.infer<typeof eventSchema>;
