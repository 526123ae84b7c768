import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { AuditRow } from '../../application/auditing/chain.ts';
import type { StoredCredentials } from '../../application/auditing/loggedCredentials.ts';
import { NotFoundError } from '../../domain/errors/index.ts';
import { PERSON } from '../../domain/principal.ts';

/** How long a row may be waited for where a server writes, milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

const row = z.object({
  seq: z.number(),
  at: z.number(),
  type: z.string(),
  actor: z.string(),
  job_id: z.string().nullable(),
  task_id: z.string().nullable(),
  approval_id: z.string().nullable(),
  detail: z.string(),
  previous: z.string(),
  hash: z.string(),
});

const keyRows = z.array(
  z
    .object({ id: z.string(), role: z.string(), sha256: z.string(), revoked_at: z.number().nullable() })
    .transform(({ revoked_at: revokedAt, ...rest }) => ({ ...rest, revokedAt })),
);
const passkeyRows = z.array(
  z
    .object({ id: z.string(), public_key: z.string() })
    .transform(({ id, public_key: publicKey }) => ({ id, publicKey })),
);
const sessionRows = z.array(z.object({ sha256: z.string(), via: z.string() }));
const idRows = z.array(z.object({ id: z.string() }));

/** The log of a state directory, read without its server. */
export type LogFile = {
  /** Oldest first, one after the other; the first read sees the log as it is then, whatever is appended meanwhile. */
  readonly rows: (after: number) => Iterable<AuditRow>;
  /** The state of an approval as the store holds it, JSON; undefined where it has none of this id. */
  readonly approval: (id: string) => string | undefined;
  /** Keys, passkeys and the person's sessions, and which approvals wait to be used, as the store holds them. */
  readonly standing: () => StoredCredentials & { readonly approved: readonly string[] };
  /** False where what keeps entries from being changed or deleted by a slip is gone from the database. */
  readonly isGuarded: () => boolean;
  readonly close: () => void;
};

/** A trigger's text as SQLite keeps it, without what makes no difference. */
const plainSql = (text: string): string =>
  text.replaceAll('"', '').replaceAll(/\s+/gu, ' ').trim().toLowerCase();

const GUARDS = ['update', 'delete'].map((change) =>
  plainSql(`create trigger audit_no_${change} before ${change} on audit
    begin select raise(abort, 'the audit log is append-only'); end`),
);

/** @throws what SQLite says of a file that it cannot read; nothing is left open then. */
const opened = (place: string | URL): DatabaseSync => {
  const database = new DatabaseSync(place, { readOnly: true });
  try {
    // Opening reads nothing yet.
    database.prepare('select count(*) from sqlite_master').get();
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
};

/** Only to read; where the folder is not to be written to, SQLite must be told that nobody else writes either. */
const openToRead = (file: string): DatabaseSync => {
  try {
    return opened(file);
  } catch (thrown) {
    if (existsSync(`${file}-wal`)) throw thrown;
    const url = pathToFileURL(file);
    url.searchParams.set('immutable', '1');
    return opened(url);
  }
};

/** @throws NotFoundError where there is no database, or one without a log. */
export const openLogFile = (file: string): LogFile => {
  const missing = (what: string): NotFoundError =>
    new NotFoundError(what, {
      hint: 'Name the state directory with --state-dir or ORCHESTRATOR_STATE_DIR; a server makes the log at its first start.',
    });
  if (!existsSync(file)) throw missing(`There is no ${file}.`);
  const database = openToRead(file);
  const schema = z.array(z.object({ name: z.string(), sql: z.string() }));
  const made = (type: 'table' | 'trigger') =>
    schema.parse(database.prepare('select name, sql from sqlite_master where type = ?').all(type));
  try {
    database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    if (!made('table').some(({ name }) => name === 'audit')) throw missing(`${file} holds no audit log.`);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
  return {
    rows: function* (after) {
      const found = database.prepare('select * from audit where seq > ? order by seq').iterate(after);
      for (const each of found) yield row.parse(each);
    },
    approval: (id) =>
      z
        .object({ state: z.string() })
        .optional()
        .parse(database.prepare('select state from approvals where id = ?').get(id))?.state,
    standing: () => ({
      keys: keyRows.parse(database.prepare('select id, role, sha256, revoked_at from api_keys').all()),
      passkeys: passkeyRows.parse(database.prepare('select id, public_key from passkeys').all()),
      sessions: sessionRows.parse(
        database.prepare('select sha256, via from sessions where principal = ?').all(PERSON.id),
      ),
      approved: idRows
        .parse(database.prepare("select id from approvals where status = 'approved'").all())
        .map(({ id }) => id),
    }),
    isGuarded: () => {
      const triggers = new Set(made('trigger').map(({ sql }) => plainSql(sql)));
      return GUARDS.every((guard) => triggers.has(guard));
    },
    close: () => database.close(),
  };
};
