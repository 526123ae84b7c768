import { z } from 'zod';
import type { CredentialStore } from '../../application/access/ports.ts';
import {
  type ApiKey,
  apiKeySchema,
  type Passkey,
  passkeySchema,
  type Session,
  sessionSchema,
} from '../../application/access/records.ts';
import { ConflictError } from '../../domain/errors/index.ts';
import {
  type KeyRow,
  type PasskeyRow,
  prepareCredentialStatements,
  type SessionRow,
} from './credentialStatements.ts';
import type { Database } from './database.ts';
import { closedError } from './groupCommit.ts';
import { isConstraint, storageError } from './storageError.ts';

const list = z.string().transform((text): unknown => JSON.parse(text));

const keyOf = (row: KeyRow): ApiKey =>
  apiKeySchema.parse({
    id: row.id,
    label: row.label,
    role: row.role,
    prefix: row.prefix,
    sha256: row.sha256,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  });

const passkeyOf = (row: PasskeyRow): Passkey =>
  passkeySchema.parse({
    id: row.id,
    label: row.label,
    publicKey: row.public_key,
    counter: row.counter,
    transports: list.parse(row.transports),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
  });

const sessionOf = (row: SessionRow): Session =>
  sessionSchema.parse({
    sha256: row.sha256,
    principal: row.principal,
    roles: list.parse(row.roles),
    via: row.via,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  });

const keyRowOf = (key: ApiKey): Omit<KeyRow, 'last_used_at' | 'revoked_at'> => ({
  id: key.id,
  label: key.label,
  role: key.role,
  prefix: key.prefix,
  sha256: key.sha256,
  created_at: key.createdAt,
  expires_at: key.expiresAt ?? null,
});

/**
 * The credentials in the store's database, which `storeOver` closes. Each write is a transaction of its own and
 * synchronous, so none can fall into the store's group commit.
 */
export const credentialsOver = (database: Database): CredentialStore => {
  const { connection } = database;
  const statements = prepareCredentialStatements(database);

  const run = async <T>(what: string, work: () => T): Promise<T> => {
    // Undefined before Node 22.15.
    if (connection.isOpen === false) throw closedError();
    try {
      return work();
    } catch (thrown) {
      if (isConstraint(thrown)) {
        throw new ConflictError('This credential is there already.', {
          hint: 'Load the list anew and decide again.',
          cause: thrown,
        });
      }
      throw storageError(what, thrown);
    }
  };
  const read = <T>(work: () => T): Promise<T> => run('Reading credentials', work);
  const write = <T>(work: () => T): Promise<T> => run('Writing credentials', work);
  const together = (work: () => void): void => {
    connection.exec('begin immediate');
    try {
      work();
      connection.exec('commit');
    } catch (thrown) {
      try {
        connection.exec('rollback');
      } catch {
        // A full disk has rolled back already.
      }
      throw thrown;
    }
  };

  return {
    addKey: (key) => write(() => void statements.insertKey(keyRowOf(key))),
    replaceKey: (oldId, oldExpiresAt, successor) =>
      write(() =>
        together(() => {
          statements.expireKey({ id: oldId, at: oldExpiresAt });
          statements.insertKey(keyRowOf(successor));
        }),
      ),
    key: (id) => read(() => optional(statements.key.first({ id }), keyOf)),
    keyBySha256: (sha256) => read(() => optional(statements.keyBySha256.first({ sha256 }), keyOf)),
    keys: () => read(() => statements.keys.all({}).map(keyOf)),
    revokeKey: (id, at) => write(() => void statements.revokeKey({ id, at })),
    touchKey: (id, at) => write(() => void statements.touchKey({ id, at })),

    addPasskey: (passkey) =>
      write(
        () =>
          void statements.insertPasskey({
            id: passkey.id,
            label: passkey.label,
            public_key: passkey.publicKey,
            counter: passkey.counter,
            transports: JSON.stringify(passkey.transports),
            created_at: passkey.createdAt,
          }),
      ),
    passkey: (id) => read(() => optional(statements.passkey.first({ id }), passkeyOf)),
    passkeys: () => read(() => statements.passkeys.all({}).map(passkeyOf)),
    usePasskey: (id, use) => write(() => statements.usePasskey({ id, ...use }) === 1),
    removePasskey: (id) => write(() => statements.deletePasskey({ id }) === 1),

    addSession: (session) =>
      write(
        () =>
          void statements.insertSession({
            sha256: session.sha256,
            principal: session.principal,
            roles: JSON.stringify(session.roles),
            via: session.via,
            created_at: session.createdAt,
            expires_at: session.expiresAt,
          }),
      ),
    session: (sha256) => read(() => optional(statements.session.first({ sha256 }), sessionOf)),
    endSession: (sha256) => write(() => void statements.deleteSession({ sha256 })),
    endSessions: ({ principal, via, except }) =>
      write(() => void statements.deleteSessions({ principal, via, except: except ?? '' })),
    sweepSessions: (now) => write(() => void statements.sweepSessions({ now })),
  };
};

const optional = <Row, T>(row: Row | undefined, decode: (row: Row) => T): T | undefined =>
  row === undefined ? undefined : decode(row);
