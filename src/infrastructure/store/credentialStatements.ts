import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from './database.ts';
import { prepareRead, prepareWrite } from './sqlite/prepared.ts';

const keyRow = z.object({
  id: z.string(),
  label: z.string(),
  role: z.string(),
  prefix: z.string(),
  sha256: z.string(),
  created_at: z.number(),
  expires_at: z.number().nullable(),
  last_used_at: z.number().nullable(),
  revoked_at: z.number().nullable(),
});
export type KeyRow = z.infer<typeof keyRow>;
const passkeyRow = z.object({
  id: z.string(),
  label: z.string(),
  public_key: z.string(),
  counter: z.number(),
  transports: z.string(),
  created_at: z.number(),
  last_used_at: z.number().nullable(),
});
export type PasskeyRow = z.infer<typeof passkeyRow>;
const sessionRow = z.object({
  sha256: z.string(),
  principal: z.string(),
  roles: z.string(),
  via: z.string(),
  created_at: z.number(),
  expires_at: z.number(),
});
export type SessionRow = z.infer<typeof sessionRow>;

type ById = { readonly id: string };
type ByHash = { readonly sha256: string };
type None = Record<never, never>;

/** Every request with a key or a cookie looks it up, so these are prepared once like the store's own. */
export const prepareCredentialStatements = ({ connection, db }: Database) => ({
  insertKey: prepareWrite<Omit<KeyRow, 'last_used_at' | 'revoked_at'>>(connection, (slot) =>
    db.insertInto('api_keys').values({
      id: slot('id'),
      label: slot('label'),
      role: slot('role'),
      prefix: slot('prefix'),
      sha256: slot('sha256'),
      created_at: slot('created_at'),
      expires_at: slot('expires_at'),
    }),
  ),
  key: prepareRead<ById, KeyRow>(connection, keyRow, (slot) =>
    db.selectFrom('api_keys').selectAll().where('id', '=', slot('id')),
  ),
  keyBySha256: prepareRead<ByHash, KeyRow>(connection, keyRow, (slot) =>
    db.selectFrom('api_keys').selectAll().where('sha256', '=', slot('sha256')),
  ),
  keys: prepareRead<None, KeyRow>(connection, keyRow, () =>
    db.selectFrom('api_keys').selectAll().orderBy('created_at', 'desc').orderBy(sql`rowid`, 'desc'),
  ),
  expireKey: prepareWrite<ById & { at: number }>(connection, (slot) =>
    db
      .updateTable('api_keys')
      .set({ expires_at: slot('at') })
      .where('id', '=', slot('id')),
  ),
  revokeKey: prepareWrite<ById & { at: number }>(connection, (slot) =>
    db
      .updateTable('api_keys')
      .set({ revoked_at: slot('at') })
      .where('id', '=', slot('id'))
      .where('revoked_at', 'is', null),
  ),
  touchKey: prepareWrite<ById & { at: number }>(connection, (slot) =>
    db
      .updateTable('api_keys')
      .set({ last_used_at: slot('at') })
      .where('id', '=', slot('id')),
  ),

  insertPasskey: prepareWrite<Omit<PasskeyRow, 'last_used_at'>>(connection, (slot) =>
    db.insertInto('passkeys').values({
      id: slot('id'),
      label: slot('label'),
      public_key: slot('public_key'),
      counter: slot('counter'),
      transports: slot('transports'),
      created_at: slot('created_at'),
    }),
  ),
  passkey: prepareRead<ById, PasskeyRow>(connection, passkeyRow, (slot) =>
    db.selectFrom('passkeys').selectAll().where('id', '=', slot('id')),
  ),
  passkeys: prepareRead<None, PasskeyRow>(connection, passkeyRow, () =>
    db.selectFrom('passkeys').selectAll().orderBy('created_at').orderBy(sql`rowid`),
  ),
  /** Compare-and-set on the counter. */
  usePasskey: prepareWrite<ById & { from: number; to: number; at: number }>(connection, (slot) =>
    db
      .updateTable('passkeys')
      .set({ counter: slot('to'), last_used_at: slot('at') })
      .where('id', '=', slot('id'))
      .where('counter', '=', slot('from')),
  ),
  deletePasskey: prepareWrite<ById>(connection, (slot) =>
    db.deleteFrom('passkeys').where('id', '=', slot('id')),
  ),

  insertSession: prepareWrite<SessionRow>(connection, (slot) =>
    db.insertInto('sessions').values({
      sha256: slot('sha256'),
      principal: slot('principal'),
      roles: slot('roles'),
      via: slot('via'),
      created_at: slot('created_at'),
      expires_at: slot('expires_at'),
    }),
  ),
  session: prepareRead<ByHash, SessionRow>(connection, sessionRow, (slot) =>
    db.selectFrom('sessions').selectAll().where('sha256', '=', slot('sha256')),
  ),
  deleteSession: prepareWrite<ByHash>(connection, (slot) =>
    db.deleteFrom('sessions').where('sha256', '=', slot('sha256')),
  ),
  deleteSessions: prepareWrite<{ principal: string; via: string; except: string }>(connection, (slot) =>
    db
      .deleteFrom('sessions')
      .where('principal', '=', slot('principal'))
      .where('via', '=', slot('via'))
      .where('sha256', '!=', slot('except')),
  ),
  sweepSessions: prepareWrite<{ now: number }>(connection, (slot) =>
    db.deleteFrom('sessions').where('expires_at', '<=', slot('now')),
  ),
});
