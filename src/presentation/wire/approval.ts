import { z } from 'zod';
import { assertionResponseSchema } from '../../application/access/passkeyResponses.ts';
import { elicitationSchema } from '../../application/approving/elicitationChoice.ts';
import { approvalStatusSchema, channelSchema, touchedSchema } from '../../domain/approval.ts';
import { approvalIdSchema, jobIdSchema } from '../../domain/ids.ts';
import { RISKS } from '../../domain/safety/verdict.ts';

/** Why a person is asked: the part of the call that it is about comes first. */
export const approvalReasonSchema = z.object({
  code: z.string(),
  risk: z.enum(RISKS),
  span: z.string(),
  text: z.string(),
});

/** An approval in a list. All text of workers is inert: control, bidi and zero-width characters are shown escaped. */
export const approvalRowSchema = z.object({
  approval_id: z.string(),
  job_id: z.string(),
  task_id: z.string(),
  status: approvalStatusSchema,
  risk: z.enum(RISKS),
  tool: z.string(),
  /** The command, or the tool's input as JSON; cut at 2,000 characters, the rest is in the approval itself. */
  command: z.string(),
  cwd: z.string(),
  reasons: z.array(approvalReasonSchema).readonly(),
  digest: z.string(),
  requested_by: z.string(),
  expires_at: z.string(),
  /** Times that an equal call was asked for. */
  asked: z.number(),
  created_at: z.string(),
  /** The last decision: what a status of `used` does not tell. */
  decision: z.enum(['approve', 'deny']).optional(),
  decided_by: z.string().optional(),
  channel: channelSchema.optional(),
  /** What whoever decided said, in one line; absent where that is nothing. */
  decision_reason: z.string().optional(),
});
export type ApprovalRow = z.infer<typeof approvalRowSchema>;

/** One approval, whole. */
export const approvalAnswerSchema = approvalRowSchema.extend({
  goal: z.string(),
  env: z.record(z.string(), z.string()),
  touches: z.array(touchedSchema).readonly(),
  files: z
    .array(z.object({ path: z.string(), real_path: z.string(), sha256: z.string().nullable() }))
    .readonly(),
  diff: z.string().optional(),
  policy_hash: z.string(),
  approvers_needed: z.number(),
  uses_left: z.number(),
  decisions: z
    .array(
      z.object({
        decision: z.enum(['approve', 'deny']),
        by: z.string(),
        channel: channelSchema,
        reason: z.string(),
        at: z.string(),
      }),
    )
    .readonly(),
  /** The page on which a person decides it; absent where the server has none. */
  url: z.string().optional(),
  /** What a form of an MCP client may do with it; the server holds whoever sends one to that. */
  elicitation: elicitationSchema,
  next: z.string(),
});
export type ApprovalAnswer = z.infer<typeof approvalAnswerSchema>;

/** What waits of a job: how much, and the oldest of it. */
export const waitingSchema = z.object({
  open: z.number(),
  first: approvalRowSchema
    .pick({ approval_id: true, task_id: true, risk: true, tool: true, command: true })
    .extend({ reason: z.string() }),
  /** The tasks whose calls wait, each with its oldest, 20 at most; absent where `first` is all that waits. */
  by_task: z
    .array(approvalRowSchema.pick({ task_id: true, approval_id: true }))
    .readonly()
    .optional(),
  url: z.string().optional(),
});
export type Waiting = z.infer<typeof waitingSchema>;

export const approvalListInputSchema = z.strictObject({
  job_id: jobIdSchema.optional(),
  status: z.array(approvalStatusSchema).max(7).optional().describe('Default: pending and superseded'),
  limit: z.number().int().min(1).max(100).default(20),
  cursor: z.string().max(500).optional(),
});

export const approvalListAnswerSchema = z.object({
  approvals: z.array(approvalRowSchema).readonly(),
  next_cursor: z.string().optional(),
  next: z.string(),
});
export type ApprovalListAnswer = z.infer<typeof approvalListAnswerSchema>;

export const decideInputSchema = z.strictObject({
  approval_id: approvalIdSchema,
  decision: z.enum(['approve', 'deny']),
  reason: z.string().max(2000).default('').describe('The worker hears it'),
  code: z.string().max(40).optional().describe('One-time code from the user'),
});

/** A decision over HTTP, where a person's own surface may send more than an agent's tool. */
export const decisionInputSchema = decideInputSchema.extend({
  passkey: z
    .strictObject({ flow: z.string().min(1).max(100), response: assertionResponseSchema })
    .optional()
    .describe("The assertion over this approval's challenge"),
  uses: z.number().int().min(1).max(100).optional().describe('Good for so many runs of exactly this'),
  valid_seconds: z
    .number()
    .int()
    .min(1)
    .max(3600)
    .optional()
    .describe('Good for any run of exactly this within so many seconds'),
});

/** A one-time code for a person to tell. */
export const codeAnswerSchema = z.object({ code: z.string(), expires_at: z.string() });
export type CodeAnswer = z.infer<typeof codeAnswerSchema>;

export const decisionAnswerSchema = z.object({
  approval_id: z.string(),
  status: approvalStatusSchema,
  decided_by: z.string(),
  channel: channelSchema,
  next: z.string(),
});
export type DecisionAnswer = z.infer<typeof decisionAnswerSchema>;

/** What the form of an MCP client said. An agent can make that up: it counts for what the person chose at `init`. */
export const elicitedInputSchema = decideInputSchema.omit({ code: true });
