import { auditAnswerSchema } from '../wire/audit.ts';
import { keyListAnswerSchema, keyRowSchema, newKeySchema } from '../wire/keys.ts';
import { linkAnswerSchema, sessionAnswerSchema } from '../wire/session.ts';
import type { OrchestratorClient } from './api.ts';
import type { Connection } from './connection.ts';
import { query } from './query.ts';

type AccountCalls = Pick<
  OrchestratorClient,
  | 'createKey'
  | 'listKeys'
  | 'revokeKey'
  | 'rotateKey'
  | 'loginPassphrase'
  | 'session'
  | 'logout'
  | 'dashboardLink'
  | 'audit'
>;

/** Keys, sessions and the audit log. @param api where the API begins. */
export const accountCalls = (connection: Connection, api: string): AccountCalls => {
  const keyPath = (id: string): string => `${api}/keys/${encodeURIComponent(id)}`;
  return {
    createKey: async (body) => connection.json('POST', `${api}/keys`, newKeySchema, { body }),
    listKeys: async () => (await connection.json('GET', `${api}/keys`, keyListAnswerSchema)).keys,
    revokeKey: async (id) => connection.json('DELETE', keyPath(id), keyRowSchema),
    rotateKey: async (id, overlapSeconds) =>
      connection.json('POST', `${keyPath(id)}/rotate`, newKeySchema, {
        body: overlapSeconds === undefined ? {} : { overlap_seconds: overlapSeconds },
      }),
    loginPassphrase: async (passphrase) =>
      connection.json('POST', `${api}/auth/login/passphrase`, sessionAnswerSchema, { body: { passphrase } }),
    session: async () => connection.json('GET', `${api}/auth/session`, sessionAnswerSchema),
    logout: async () => {
      await connection.text('POST', `${api}/auth/logout`, { body: {} });
      connection.forgetSession();
    },
    dashboardLink: async () =>
      (await connection.json('POST', `${api}/auth/link`, linkAnswerSchema, { body: {} })).url,
    audit: async (page = {}) =>
      connection.json('GET', `${api}/audit${query({ ...page })}`, auditAnswerSchema),
  };
};
