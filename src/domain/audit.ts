import { z } from 'zod';
import { approvalIdSchema, jobIdSchema, taskIdSchema } from './ids.ts';

/** What is audited, by name: `<what>.<happened>`. */
export const auditTypeSchema = z.enum([
  'server.started',
  'server.stopped',
  'job.submitted',
  'job.cancelled',
  'pause.lifted', // a job that was stopped for its denials goes on
  'call.refused',
  'approval.requested',
  'approval.approved',
  'approval.denied',
  'approval.refused', // a try to decide that was not let through
  'approval.expired',
  'approval.cancelled',
  'approval.superseded',
  'approval.used',
  'approval.code_shown',
  'approval.code_wrong',
  'login.accepted',
  'login.refused',
  'key.created',
  'key.rotated',
  'key.revoked',
  'passkey.added',
  'passkey.removed',
  'passkey.refused',
  'passphrase.set',
  'link.made',
  'policy.changed',
  'settings.changed',
  'enforcement.proven',
  'enforcement.failed',
  'enforcement.passed', // a call ran past the gate: the proof is withdrawn
  'worker.killed',
  'input.hostile',
]);
export type AuditType = z.infer<typeof auditTypeSchema>;

/** JSON of names and ids, never a secret: whoever appends has taken those out. */
export const auditDetailSchema = z.record(z.string(), z.json());

/** One entry before it has its place in the chain. */
export const auditEntrySchema = z.object({
  /** Milliseconds since the epoch. */
  at: z.number(),
  type: auditTypeSchema,
  /** Principal id, or `server`. */
  actor: z.string(),
  jobId: jobIdSchema.optional(),
  taskId: taskIdSchema.optional(),
  approvalId: approvalIdSchema.optional(),
  detail: auditDetailSchema,
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
