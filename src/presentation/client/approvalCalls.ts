import { approvalIdSchema } from '../../domain/ids.ts';
import {
  approvalAnswerSchema,
  approvalListAnswerSchema,
  codeAnswerSchema,
  decisionAnswerSchema,
  decisionInputSchema,
  elicitedInputSchema,
} from '../wire/approval.ts';
import { read } from '../wire/invalidArguments.ts';
import { ceremonyAnswerSchema } from '../wire/session.ts';
import type { OrchestratorClient } from './api.ts';
import type { Connection } from './connection.ts';
import { query } from './query.ts';

type ApprovalCalls = Pick<
  OrchestratorClient,
  'approvals' | 'approval' | 'decide' | 'elicited' | 'approvalChallenge' | 'approvalCode'
>;

/** What waits for a person, and how it is decided. @param api where the API begins. */
export const approvalCalls = (connection: Connection, api: string): ApprovalCalls => {
  // An id is part of a path: it is looked at before it goes out.
  const path = (id: string): string => `${api}/approvals/${read('approval_id', approvalIdSchema, id)}`;
  return {
    approvals: async ({ job_id, status, limit, cursor }) =>
      connection.json(
        'GET',
        `${api}/approvals${query({ job_id, status: status?.join(','), limit, cursor })}`,
        approvalListAnswerSchema,
      ),
    approval: async (id) => connection.json('GET', path(id), approvalAnswerSchema),
    decide: async (input) => {
      const { approval_id, ...body } = read('approve_operation', decisionInputSchema, input);
      return connection.json('POST', `${path(approval_id)}/decision`, decisionAnswerSchema, { body });
    },
    elicited: async (input) => {
      const { approval_id, ...body } = read('elicitation', elicitedInputSchema, input);
      return connection.json('POST', `${path(approval_id)}/elicitation`, decisionAnswerSchema, { body });
    },
    approvalChallenge: async (id) =>
      connection.json('POST', `${path(id)}/challenge`, ceremonyAnswerSchema, { body: {} }),
    approvalCode: async (id) => connection.json('POST', `${path(id)}/code`, codeAnswerSchema, { body: {} }),
  };
};
