import type { ElicitRequestFormParams } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { visibleAround, visibleLine } from '../../../domain/visibleText.ts';
import type { ApprovalAnswer } from '../../wire/approval.ts';
import { inertLine } from '../../wire/inertText.ts';

/** What a client is asked to show its person, in words that fit each of the protocol's eras. */
export type Question =
  | { readonly mode: 'url'; readonly message: string; readonly url: string }
  | {
      readonly mode: 'form';
      readonly message: string;
      readonly requestedSchema: ElicitRequestFormParams['requestedSchema'];
    };

export type FormDecision = { readonly decision: 'approve' | 'deny'; readonly reason: string };

/** May a form approve this one? The server holds to that as well, whatever a client answers. */
const mayApprove = ({ elicitation, risk, approvers_needed }: ApprovalAnswer): boolean =>
  elicitation === 'approve_high' && risk === 'HIGH' && approvers_needed === 1;

const messageOf = (approval: ApprovalAnswer): string => {
  const { risk, tool, command, reasons, cwd, goal, url } = approval;
  const elsewhere = url === undefined ? '' : ` To approve it, open ${url}`;
  return [
    `A worker waits for you: it wants to run a call of risk ${risk}.`,
    `${inertLine(tool, 60)}: ${visibleAround(command, reasons[0]?.span ?? '', 1000)}`,
    `In: ${visibleLine(cwd, 300)}`,
    ...reasons.slice(0, 5).map(({ text }) => `Why you are asked: ${inertLine(text, 300)}`),
    `Its task: ${inertLine(goal, 300)}`,
    ...(mayApprove(approval) ? [] : [`Here you can deny it or leave it open.${elsewhere}`]),
  ].join('\n');
};

/** The page where the client can open one, else a form with everything that it is about. */
export const questionOf = (
  approval: ApprovalAnswer,
  can: { readonly form: boolean; readonly url: boolean },
): Question | undefined => {
  const { url } = approval;
  if (can.url && url !== undefined) return { mode: 'url', message: messageOf(approval), url };
  if (!can.form) return undefined;
  return {
    mode: 'form',
    message: messageOf(approval),
    requestedSchema: {
      type: 'object',
      properties: {
        decision: {
          type: 'string',
          title: 'Your decision',
          enum: mayApprove(approval) ? ['approve', 'deny'] : ['leave_open', 'deny'],
        },
        reason: {
          type: 'string',
          title: 'Why',
          description: 'The worker and whoever looks later read it',
          maxLength: 2000,
        },
      },
      required: ['decision'],
    },
  };
};

const answerSchema = z.looseObject({
  action: z.literal('accept'),
  content: z.looseObject({
    decision: z.enum(['approve', 'deny']),
    reason: z.string().max(2000).default(''),
  }),
});

/** What a client's answer decides; undefined for whatever is no clear word: declined, cancelled, left open. */
export const decisionIn = (answer: unknown): FormDecision | undefined => {
  const { data } = answerSchema.safeParse(answer);
  return data === undefined ? undefined : { decision: data.content.decision, reason: data.content.reason };
};
