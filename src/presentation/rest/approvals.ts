import { z } from 'zod';
import { approvalListInputSchema, decisionInputSchema, elicitedInputSchema } from '../wire/approval.ts';
import { decisionFromWire, decisionToWire } from '../wire/approvalToWire.ts';
import { isoTime } from '../wire/task.ts';
import { approvalParams, numberText } from './input.ts';
import { defineRoute, type Mounted, none } from './route.ts';

const { job_id, limit, cursor } = approvalListInputSchema.shape;

/** Several words in one parameter; the schema of the list says which there are. */
const statusList = z
  .preprocess(
    (text) => (typeof text === 'string' ? text.split(',') : text),
    approvalListInputSchema.shape.status,
  )
  .optional();

const list = defineRoute({
  method: 'get',
  path: '/approvals',
  id: 'listApprovals',
  tag: 'approvals',
  summary: 'Calls of workers that a person is asked about',
  description: 'Of the jobs that the credential may see, newest first; without `status` those that are open.',
  params: none,
  query: z.strictObject({
    job_id,
    status: statusList.describe('Only those with one of these, divided by commas'),
    limit: numberText(limit).describe('Approvals of one page; pages have 50 at most'),
    cursor: cursor.describe('`next_cursor` of the page before'),
  }),
  body: none,
  answers: {
    200: {
      description: 'One page.',
      content: { 'application/json': { schema: 'ApprovalListAnswer' } },
    },
  },
  handle: async (c, { query: { status, ...rest } }) =>
    c.json(await c.get('api').approvals({ ...rest, status })),
});

const one = defineRoute({
  method: 'get',
  path: '/approvals/{approval_id}',
  id: 'getApproval',
  tag: 'approvals',
  summary: 'One approval, whole',
  description: 'What would run, byte for byte, why a person is asked, and what it would touch.',
  params: approvalParams,
  query: none,
  body: none,
  answers: {
    200: { description: 'The approval.', content: { 'application/json': { schema: 'ApprovalAnswer' } } },
  },
  problems: [404],
  handle: async (c, { params }) => c.json(await c.get('api').approval(params.approval_id)),
});

const decision = {
  200: {
    description: 'What it has led to.',
    content: { 'application/json': { schema: 'DecisionAnswer' } },
  },
} as const;

const decide = defineRoute({
  method: 'post',
  path: '/approvals/{approval_id}/decision',
  id: 'decideApproval',
  tag: 'approvals',
  summary: 'Approves or denies, once',
  description:
    'Who decides comes from the credential. Whoever submitted the job may deny it, and approves only by what a person has: a one-time code, or a passkey. Of all that race one wins, the others get 409, which says who decided.',
  params: approvalParams,
  query: none,
  body: decisionInputSchema.omit({ approval_id: true }),
  bodyName: 'DecisionInput',
  answers: decision,
  problems: [403, 404, 409],
  handle: async (c, { params, body }) =>
    c.json(decisionToWire(await c.get('orchestrator').decide(params.approval_id, decisionFromWire(body)))),
});

const elicited = defineRoute({
  method: 'post',
  path: '/approvals/{approval_id}/elicitation',
  id: 'answerElicitation',
  tag: 'approvals',
  summary: "What an MCP client's form said",
  description:
    'A client can answer for its person, so such a decision may deny; it approves a HIGH call only where the person chose `approve_high` at `claude-orchestrator init`.',
  params: approvalParams,
  query: none,
  body: elicitedInputSchema.omit({ approval_id: true }),
  bodyName: 'ElicitedInput',
  answers: decision,
  problems: [403, 404, 409],
  handle: async (c, { params, body }) => c.json(await c.get('api').elicited({ ...params, ...body })),
});

const challenge = defineRoute({
  method: 'post',
  path: '/approvals/{approval_id}/challenge',
  id: 'challengeApproval',
  tag: 'approvals',
  summary: 'Begins an approval by a passkey',
  description:
    "The challenge is made of this approval's digest, so that the assertion is good for nothing else.",
  params: approvalParams,
  query: none,
  body: none,
  answers: {
    200: {
      description: 'Options for the browser, good for five minutes.',
      content: { 'application/json': { schema: 'CeremonyAnswer' } },
    },
  },
  problems: [404, 409],
  handle: async (c, { params }) => c.json(await c.get('approvals').challenge(params.approval_id)),
});

const code = defineRoute({
  method: 'post',
  path: '/approvals/{approval_id}/code',
  id: 'showApprovalCode',
  tag: 'approvals',
  summary: 'A one-time code for a person to tell',
  description: 'For the session of a person and for nobody else. The code before it is void.',
  params: approvalParams,
  query: none,
  body: none,
  answers: {
    200: {
      description: 'The code; it is told this once.',
      content: { 'application/json': { schema: 'CodeAnswer' } },
    },
  },
  problems: [403, 404, 409],
  handle: async (c, { params }) => {
    const made = await c.get('approvals').showCode(params.approval_id);
    c.header('Cache-Control', 'no-store');
    return c.json({ code: made.code, expires_at: isoTime(made.expiresAt) });
  },
});

export const approvalRoutes: readonly Mounted[] = [list, one, decide, elicited, challenge, code];
