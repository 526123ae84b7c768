import type { AuditEntryAnswer } from '../../../../wire/audit.ts';

/** Longer values are cut; the export has them whole. */
const LONGEST = 400;

const plain = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > LONGEST ? `${text.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')}…` : text;
};

/** The detail of an entry, a line a name. */
export const detailLines = (
  detail: AuditEntryAnswer['detail'],
): readonly { readonly name: string; readonly value: string }[] =>
  Object.entries(detail).map(([name, value]) => ({ name, value: plain(value) }));

/** Entries whose type, actor or what they are about holds every word of `query`. */
export const entriesWith = (
  rows: readonly AuditEntryAnswer[],
  query: string,
): readonly AuditEntryAnswer[] => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text =
      `${row.type} ${row.actor} ${row.job_id ?? ''} ${row.task_id ?? ''} ${row.approval_id ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
};

/** What a newer reading of the first page brings in, with what was read further back. */
export const withNewest = (
  before: readonly AuditEntryAnswer[],
  newest: readonly AuditEntryAnswer[],
): readonly AuditEntryAnswer[] => {
  const last = newest.at(-1)?.seq ?? 0;
  const top = before[0]?.seq ?? 0;
  // More came than one page holds: what lies between is not known, so it is read further back anew.
  if (last > top + 1) return newest;
  return [...newest, ...before.filter((row) => row.seq < last)];
};
