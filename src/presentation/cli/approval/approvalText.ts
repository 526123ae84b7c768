import { OPEN_APPROVAL } from '../../../domain/approval.ts';
import { visibleLine } from '../../../domain/visibleText.ts';
import type { ApprovalRow } from '../../wire/approval.ts';
import { dangerLineOf } from '../../wire/askedAbout.ts';
import type { Painter } from '../terminal.ts';
import {
  approveCommand,
  askedText,
  DIGEST,
  INDENT,
  LINE,
  reasonLines,
  riskText,
  stateText,
} from './approvalParts.ts';

const shortDigest = ({ digest }: Pick<ApprovalRow, 'digest'>): string =>
  `digest ${visibleLine(digest, 64).slice(0, DIGEST)}`;

const rowLines = (row: ApprovalRow, now: number, paint: Painter): readonly string[] => [
  [
    `${paint('bold', visibleLine(row.approval_id, 64))} ${riskText(row.risk, paint)}`,
    `task ${visibleLine(row.task_id, 64)} of ${visibleLine(row.job_id, 64)}`,
    stateText(row, now),
    ...askedText(row),
    shortDigest(row),
  ].join(' · '),
  ...reasonLines(row, paint),
  `${INDENT}${dangerLineOf(row, LINE)}`,
  ...(row.decided_by === undefined
    ? []
    : [
        `  by ${visibleLine(row.decided_by, 100)}${row.channel === undefined ? '' : ` (${row.channel})`}${row.decision_reason === undefined ? '' : `: ${visibleLine(row.decision_reason, LINE)}`}`,
      ]),
];

/** Approvals for a person, each with the part that it is about before everything else of the worker. */
export const approvalsText = (rows: readonly ApprovalRow[], now: number, paint: Painter): string => {
  if (rows.length === 0) return 'Nothing waits for a decision.\n';
  const [first] = rows.filter(({ status }) => OPEN_APPROVAL.has(status));
  return [
    ...rows.flatMap((row) => rowLines(row, now, paint)),
    ...(first === undefined ? [] : [`decide: ${approveCommand(first.approval_id)} (or deny)`]),
    '',
  ].join('\n');
};
