import { visibleLine } from '../../../domain/visibleText.ts';
import type { ApprovalRow, Waiting } from '../../wire/approval.ts';
import { PROGRAM } from '../command.ts';
import type { Painter } from '../terminal.ts';
import { approveCommand, riskText } from './approvalParts.ts';

const WAITS = 'waits:';

/** One that waits, in one line without its newline: what it is about, and what to type. */
export const waitingLine = (
  { approval_id, task_id, risk, command }: Pick<ApprovalRow, 'approval_id' | 'task_id' | 'risk' | 'command'>,
  paint: Painter,
): string =>
  // What to type comes first: on a narrow terminal the end is cut off.
  `${paint('yellow', WAITS)} ${approveCommand(approval_id)} · ${riskText(risk, paint)} ${visibleLine(command, 80)} (${visibleLine(task_id, 64)})`;

/** What waits of a job: the oldest, and how to see the others. */
export const waitingLines = (
  { job_id, approvals }: { readonly job_id: string; readonly approvals?: Waiting | undefined },
  paint: Painter,
): readonly string[] => {
  if (approvals === undefined) return [];
  const { first, open } = approvals;
  return [
    waitingLine(first, paint),
    ...(open > 1
      ? [`${paint('yellow', WAITS)} ${PROGRAM} approvals --job ${job_id} · ${open - 1} more`]
      : []),
  ];
};
