import { visibleLine } from '../../domain/visibleText.ts';
import type { ApprovalRow, Waiting } from '../wire/approval.ts';
import { dangerLineOf } from '../wire/askedAbout.ts';
import { inertLine } from '../wire/inertText.ts';

/** An approval as an agent's context can bear it: the whole is on the page, where a person decides. */
export const approvalForAgent = (row: ApprovalRow): ApprovalRow => ({
  ...row,
  command: dangerLineOf(row, 500),
  cwd: visibleLine(row.cwd, 200),
  ...(row.decision_reason === undefined ? {} : { decision_reason: inertLine(row.decision_reason, 200) }),
  reasons: row.reasons.slice(0, 3).map(({ span, text, ...rest }) => ({
    ...rest,
    span: visibleLine(span, 120),
    text: inertLine(text, 200),
  })),
});

/** One approval in one line. The command is what a worker wrote. */
export const approvalLine = ({
  approval_id,
  status,
  risk,
  tool,
  task_id,
  command,
  reasons,
}: ApprovalRow): string =>
  `- ${approval_id} ${status}, ${risk} ${inertLine(tool, 60)} in ${task_id}: ${visibleLine(command, 300)} — ${inertLine(reasons[0]?.text ?? '', 200)}`;

/** What waits of a job, in lines. */
export const waitingLines = ({ open, first, url }: Waiting): readonly string[] => [
  `Waits for approval (${open} open): ${first.approval_id}, ${first.risk} ${first.tool} in ${first.task_id}: ${first.command}`,
  `Reason: ${first.reason}`,
  ...(url === undefined ? [] : [`A person decides: ${url}`]),
];
