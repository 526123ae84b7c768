import type { ApprovalRow } from '../../../wire/approval.ts';

/** The longest waiting first, so that what comes in joins at the end and nothing moves under a finger. */
export const inOrder = (rows: readonly ApprovalRow[]): readonly ApprovalRow[] =>
  rows.toSorted(
    (a, b) => a.created_at.localeCompare(b.created_at) || a.approval_id.localeCompare(b.approval_id),
  );

/** The latest decision first. */
export const latestFirst = (rows: readonly ApprovalRow[]): readonly ApprovalRow[] =>
  rows.toSorted(
    (a, b) => b.created_at.localeCompare(a.created_at) || b.approval_id.localeCompare(a.approval_id),
  );

export const isOpen = ({ status }: Pick<ApprovalRow, 'status'>): boolean =>
  status === 'pending' || status === 'superseded';

const LINE = 140;

/** The part of the call that it is about, on one line: danger first, however the command is padded. */
export const firstOf = ({ command, reasons }: Pick<ApprovalRow, 'command' | 'reasons'>): string => {
  const [line = ''] = (reasons[0]?.span.trim() || command.trim()).split('\n');
  return line.length > LINE ? `${line.slice(0, LINE).replace(/[\ud800-\udbff]$/, '')}…` : line;
};

/** What those who listen are told when `rows` come after `before`; nothing at the first reading. */
export const newsOf = (
  before: readonly ApprovalRow[] | undefined,
  rows: readonly ApprovalRow[],
): string | undefined => {
  if (before === undefined) return undefined;
  const known = new Set(before.map((row) => row.approval_id));
  const fresh = rows.filter((row) => !known.has(row.approval_id));
  const [first] = fresh;
  if (first === undefined) return undefined;
  if (fresh.length > 1)
    return `${fresh.length} new requests for approval. ${rows.length} wait for a decision.`;
  const why = first.reasons[0]?.text ?? '';
  return `A worker asks for approval: risk ${first.risk}, ${first.tool}. ${why}`.trim();
};
