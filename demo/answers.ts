import { z } from 'zod';

/** What the demo reads of the server's answers: the wire names that every client can rely on. */

const errorSchema = z.looseObject({ code: z.string(), message: z.string(), hint: z.string().default('') });

const taskAnswerSchema = z.looseObject({
  id: z.string(),
  title: z.string(),
  status: z.string(),
  attempts: z.number().default(0),
  seconds: z.number().default(0),
  cost_usd: z.number().default(0),
  verification: z.string().default('none'),
  error: errorSchema.nullish(),
});
export type TaskAnswer = z.infer<typeof taskAnswerSchema>;

const receiptSchema = z.looseObject({
  wall_seconds: z.number(),
  worker_seconds: z.number(),
  speedup: z.number(),
  utilization: z.number(),
  cost_usd: z.number(),
  conflicts: z.number().default(0),
  collisions_held_back: z.number().default(0),
  verification_catches: z.number().default(0),
  repairs: z.number().default(0),
});
export type ReceiptAnswer = z.infer<typeof receiptSchema>;

export const jobAnswerSchema = z.looseObject({
  job_id: z.string(),
  status: z.string(),
  progress: z.looseObject({ done: z.number(), total: z.number(), percent: z.number() }).optional(),
  tasks: z.array(taskAnswerSchema).default([]),
  cost_usd: z.number().default(0),
  branch: z.string().nullish(),
  commit: z.string().nullish(),
  files_changed: z.unknown().optional(),
  receipt: receiptSchema.nullish(),
  approvals: z.looseObject({ first: z.looseObject({ approval_id: z.string() }) }).nullish(),
  attention: z.looseObject({ reason: z.string() }).nullish(),
  error: errorSchema.nullish(),
  next: z.string().optional(),
});
export type JobAnswer = z.infer<typeof jobAnswerSchema>;

export const healthAnswerSchema = z.looseObject({
  version: z.string().optional(),
  claude: z.looseObject({ version: z.string().optional(), credentials: z.boolean().optional() }).nullish(),
});

const TERMINAL = new Set(['succeeded', 'failed', 'cancelled']);
export const hasEnded = (answer: JobAnswer): boolean => TERMINAL.has(answer.status);
