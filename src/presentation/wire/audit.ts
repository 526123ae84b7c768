import { z } from 'zod';
import type { ChainedEntry } from '../../application/auditing/ports.ts';
import { auditTypeSchema } from '../../domain/audit.ts';
import { isoTime } from './task.ts';

/** Entries of one page. */
export const MAX_AUDIT_PAGE = 200;

export const auditInputSchema = z.strictObject({
  before: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.number().int().min(1).max(MAX_AUDIT_PAGE).default(50),
});

export const auditEntryAnswerSchema = z.object({
  seq: z.number(),
  at: z.string(),
  type: auditTypeSchema,
  /** Principal id, `server`, or `unknown` for who had no credential. */
  actor: z.string(),
  job_id: z.string().optional(),
  task_id: z.string().optional(),
  approval_id: z.string().optional(),
  /** JSON of names and ids. */
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
export type AuditEntryAnswer = z.infer<typeof auditEntryAnswerSchema>;

export const auditAnswerSchema = z.object({
  entries: z.array(auditEntryAnswerSchema).readonly(),
  /** `before` of the next page; absent on the last one. */
  next_before: z.number().optional(),
});
export type AuditAnswer = z.infer<typeof auditAnswerSchema>;

const entryToWire = (entry: ChainedEntry): AuditEntryAnswer => ({
  seq: entry.seq,
  at: isoTime(entry.at),
  type: entry.type,
  actor: entry.actor,
  ...(entry.jobId === undefined ? {} : { job_id: entry.jobId }),
  ...(entry.taskId === undefined ? {} : { task_id: entry.taskId }),
  ...(entry.approvalId === undefined ? {} : { approval_id: entry.approvalId }),
  detail: entry.detail,
  hash: entry.hash,
});

/** One page, newest first. The first entry of the log is number 1. */
export const auditToWire = (entries: readonly ChainedEntry[]): AuditAnswer => {
  const last = entries.at(-1);
  return {
    entries: entries.map(entryToWire),
    ...(last === undefined || last.seq <= 1 ? {} : { next_before: last.seq }),
  };
};
