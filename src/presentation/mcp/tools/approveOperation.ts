import { z } from 'zod';
import { decideInputSchema, decisionAnswerSchema } from '../../wire/approval.ts';
import { defineTool } from '../tool.ts';

/** Their words are many, and every client's model would pay for them; the values say it. */
const output = decisionAnswerSchema.extend({ status: z.string(), channel: z.string() });

export const approveOperation = defineTool({
  name: 'approve_operation',
  title: 'Approve or deny',
  description:
    "Passes on the user's decision. You may deny, but not approve by yourself: show the user the request and its link; they approve there or in a terminal, or tell you a one-time code.",
  input: decideInputSchema,
  output,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  handler: async (args, context) => {
    const structured = await (await context.api()).decide(args);
    const { approval_id, status, decided_by, channel, next } = structured;
    return { text: `${approval_id}: ${status} by ${decided_by} (${channel}). ${next}`, structured };
  },
});
