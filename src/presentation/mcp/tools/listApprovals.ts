import { approvalListAnswerSchema, approvalListInputSchema } from '../../wire/approval.ts';
import { approvalForAgent, approvalLine } from '../approvalText.ts';
import { defineTool } from '../tool.ts';

/** Rows of one answer: each is cut to what fits so often. */
const ROWS = 10;

export const listApprovals = defineTool({
  name: 'list_approvals',
  title: 'What waits for approval',
  description:
    'Dangerous calls of workers that wait for the user to approve or deny: command, risk, reasons.',
  input: approvalListInputSchema.pick({ job_id: true, cursor: true }),
  output: approvalListAnswerSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  handler: async (args, context) => {
    const answer = await (await context.api()).approvals({ ...args, limit: ROWS });
    const structured = { ...answer, approvals: answer.approvals.map(approvalForAgent) };
    return { text: [...structured.approvals.map(approvalLine), structured.next].join('\n'), structured };
  },
});
