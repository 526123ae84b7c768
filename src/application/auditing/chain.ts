import { hash } from 'node:crypto';
import type { AuditEntry } from '../../domain/audit.ts';
import { canonicalJson } from '../canonicalJson.ts';

/** What stands before the first entry. */
export const NO_HASH = '0'.repeat(64);

/** An entry as it lies in the store: `detail` is canonical JSON already. */
export type AuditRow = {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly actor: string;
  readonly job_id: string | null;
  readonly task_id: string | null;
  readonly approval_id: string | null;
  readonly detail: string;
  readonly previous: string;
  readonly hash: string;
};

export type AuditTip = Pick<AuditRow, 'seq' | 'hash'>;

const field = (name: string, value: string | null): string =>
  value === null ? '' : `"${name}":${JSON.stringify(value)},`;

/**
 * The text that is hashed: the canonical JSON (keys in order, no spaces) of the entry without its hash. The
 * stored detail is taken as it is, so that not a byte of it can be changed.
 */
export const hashedText = (row: Omit<AuditRow, 'hash'>): string =>
  `{"actor":${JSON.stringify(row.actor)},${field('approval_id', row.approval_id)}"at":${row.at},"detail":${row.detail},${field(
    'job_id',
    row.job_id,
  )}"previous":${JSON.stringify(row.previous)},"seq":${row.seq},${field('task_id', row.task_id)}"type":${JSON.stringify(row.type)}}`;

/** @returns SHA-256 in hex. */
export const hashOf = (row: Omit<AuditRow, 'hash'>): string => hash('sha256', hashedText(row), 'hex');

/** One line of an export. Without `,"hash":"…"` at its end it is the text that the hash is of. */
export const exportLine = (row: AuditRow): string => `${hashedText(row).slice(0, -1)},"hash":"${row.hash}"}`;

/** An entry that is encoded and has yet to get its place. */
export type LooseRow = Omit<AuditRow, 'seq' | 'previous' | 'hash'>;

export const looseRow = (entry: AuditEntry): LooseRow => ({
  at: Math.round(entry.at),
  type: entry.type,
  actor: entry.actor,
  job_id: entry.jobId ?? null,
  task_id: entry.taskId ?? null,
  approval_id: entry.approvalId ?? null,
  detail: canonicalJson(entry.detail),
});

/** Puts an entry behind the last one. @param tip undefined where the log is empty. */
export const chained = (row: LooseRow, tip: AuditTip | undefined): AuditRow => {
  const placed = { ...row, seq: (tip?.seq ?? 0) + 1, previous: tip?.hash ?? NO_HASH };
  return { ...placed, hash: hashOf(placed) };
};
