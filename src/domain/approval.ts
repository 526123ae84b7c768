import { z } from 'zod';
import { IllegalTransitionError } from './errors/index.ts';
import { approvalIdSchema, jobIdSchema, taskIdSchema } from './ids.ts';
import { principalIdSchema } from './principal.ts';
import { RISKS } from './safety/verdict.ts';

/**
 * `pending` a person is asked · `superseded` asked still, but the call that waited is gone: when the attempt asks
 * for the same again, the decision made meanwhile counts · `approved`, `denied` decided, and to be used ·
 * `used` the call ran, or was told the denial · `expired`, `cancelled` nobody will decide any more.
 */
export const approvalStatusSchema = z.enum([
  'pending',
  'superseded',
  'approved',
  'denied',
  'used',
  'expired',
  'cancelled',
]);
export type ApprovalStatus = z.infer<typeof approvalStatusSchema>;

export const OPEN_APPROVAL: ReadonlySet<ApprovalStatus> = new Set(['pending', 'superseded']);

/** By what proof a decision came. */
export const channelSchema = z.enum([
  'passkey',
  'passphrase',
  'code',
  'key',
  'agent',
  'elicitation',
  'server',
]);
export type Channel = z.infer<typeof channelSchema>;

export const approvalDecisionSchema = z.object({
  decision: z.enum(['approve', 'deny']),
  by: principalIdSchema,
  channel: channelSchema,
  /** Data of whoever decided, shown inert. */
  reason: z.string().max(2000),
  /** Milliseconds since the epoch. */
  at: z.number(),
});
export type ApprovalDecision = z.infer<typeof approvalDecisionSchema>;

/** A file or folder that the call names, runs or deletes, as it was when a person was asked. */
export const boundFileSchema = z.object({
  /** As the call names it. */
  path: z.string(),
  realPath: z.string(),
  /**
   * SHA-256 in hex: of what a file holds; of a folder, over the sorted list of everything below it (path, kind, mode,
   * size, times, where a link leads). Null where there is nothing, and for a folder that the call only goes to or
   * that is everybody's: that counts by its real path alone.
   */
  sha256: z.string().nullable(),
});
export type BoundFile = z.infer<typeof boundFileSchema>;

/** What the call would touch, for whoever decides. */
export const touchedSchema = z.object({
  path: z.string(),
  access: z.enum(['read', 'write', 'delete']),
  exists: z.boolean(),
  /** Files below it, itself included; capped at 10,000. */
  files: z.number().int(),
  /** How git knows it: tracked and clean, tracked with changes, untracked, ignored, outside of any repository. */
  git: z.enum(['clean', 'modified', 'untracked', 'ignored', 'outside']).optional(),
});
export type Touched = z.infer<typeof touchedSchema>;

/** Exactly what is asked for: its digest is what a person approves. */
export const boundCallSchema = z.object({
  tool: z.string(),
  /** The tool's input as it came; these bytes run. */
  input: z.record(z.string(), z.json()),
  /** Real path. */
  cwd: z.string(),
  /** Environment that the call sets or that differs from the worker's own. */
  env: z.record(z.string(), z.string()),
  files: z.array(boundFileSchema).readonly(),
});
export type BoundCall = z.infer<typeof boundCallSchema>;

export const approvalSchema = z.object({
  id: approvalIdSchema,
  /** Counts its changes: every change is by compare-and-set on it. */
  revision: z.number().int(),
  jobId: jobIdSchema,
  taskId: taskIdSchema,
  /** The attempt in which the worker's conversation began: a resumed attempt has the same. */
  lineage: z.number().int(),
  /** Who submitted the job. */
  requestedBy: principalIdSchema,
  status: approvalStatusSchema,
  risk: z.enum(RISKS),
  reasons: z
    .array(z.object({ code: z.string(), risk: z.enum(RISKS), span: z.string(), text: z.string() }))
    .readonly(),
  call: boundCallSchema,
  policyHash: z.string().min(1),
  /** SHA-256 in hex over the canonical JSON of call, job, task, lineage and policy. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** What the task is for, in its own words. */
  goal: z.string(),
  touches: z.array(touchedSchema).readonly(),
  /** Unified diff of what a file tool would write. */
  diff: z.string().optional(),
  /** Times that an equal call of the same job was shown as this one. */
  asked: z.number().int(),
  /** The latest of the worker's calls that waits. */
  toolUseId: z.string(),
  sessionId: z.string(),
  worktree: z.string(),
  /** Two only for a CRITICAL rule that an admin's policy opened. */
  approversNeeded: z.union([z.literal(1), z.literal(2)]),
  /** Approvals so far, by different principals; at the end the decision that counted comes last. */
  decisions: z.array(approvalDecisionSchema).readonly(),
  /** Runs that the decision is still good for. */
  usesLeft: z.number().int(),
  /** Milliseconds since the epoch. */
  createdAt: z.number(),
  /** Not decided by then, or approved and not used by then: expired. */
  expiresAt: z.number(),
  decidedAt: z.number().optional(),
});
export type Approval = z.infer<typeof approvalSchema>;

/** What can befall an approval. */
export type ApprovalMove = 'approve' | 'deny' | 'expire' | 'cancel' | 'supersede' | 'ask_again' | 'use_up';

type Arrows = Readonly<Partial<Record<ApprovalMove, ApprovalStatus>>>;

/** Where each move leads from a status; what is not there cannot be. */
export const APPROVAL_MOVES: Readonly<Record<ApprovalStatus, Arrows>> = {
  pending: {
    approve: 'approved',
    deny: 'denied',
    expire: 'expired',
    cancel: 'cancelled',
    supersede: 'superseded',
  },
  superseded: {
    approve: 'approved',
    deny: 'denied',
    expire: 'expired',
    cancel: 'cancelled',
    ask_again: 'pending',
  },
  approved: { use_up: 'used', expire: 'expired', cancel: 'cancelled' },
  denied: { use_up: 'used', cancel: 'cancelled' },
  used: {},
  expired: {},
  cancelled: {},
};

/** @throws IllegalTransitionError where the table has no such arrow. */
export const moveApproval = (from: ApprovalStatus, move: ApprovalMove): ApprovalStatus => {
  const to = APPROVAL_MOVES[from][move];
  if (to === undefined) throw new IllegalTransitionError('approval', from, move);
  return to;
};

export const canMoveApproval = (from: ApprovalStatus, move: ApprovalMove): boolean =>
  APPROVAL_MOVES[from][move] !== undefined;
