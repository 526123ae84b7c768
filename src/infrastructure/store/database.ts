import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { z } from 'zod';
import { migrate } from './migrations/migrate.ts';
import { makePrivateFile, makePrivateFolder } from './privateFolder.ts';
import { NodeSqliteDialect } from './sqlite/dialect.ts';
import { storageError } from './storageError.ts';
import type { Tables } from './tables.ts';

export type Database = {
  readonly connection: DatabaseSync;
  /** Builds queries, and runs those that are too rare or too varied to be prepared. */
  readonly db: Kysely<Tables>;
};

/** Another program may look at the file; waiting for it blocks the event loop, so not for long. */
const BUSY_TIMEOUT_MS = 2_000;

/** FULL: with NORMAL a power cut takes commits that callers were already told of. */
const PRAGMAS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma journal_size_limit = 67108864;
`;

const names = z.array(z.object({ name: z.string() }));

const appliedMigrations = (connection: DatabaseSync): string[] => {
  const exists = connection.prepare(`select name from sqlite_master where name = 'kysely_migration'`).get();
  if (exists === undefined) return [];
  return names.parse(connection.prepare('select name from kysely_migration').all()).map(({ name }) => name);
};

/**
 * Opens the database file, making it and its folder (0600, 0700) where they are missing, and migrates it.
 * Its owner must hold `claimStateDir`.
 * @throws ConfigurationError a newer program's file · FileSystemError what the disk or SQLite refused
 */
export const openDatabase = async (path: string): Promise<Database> => {
  let connection: DatabaseSync | undefined;
  try {
    await makePrivateFolder(dirname(path));
    await makePrivateFile(path);
    connection = new DatabaseSync(path);
    connection.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    // Before the other pragmas: a newer program's file must stay as it is.
    const applied = appliedMigrations(connection);
    connection.exec(PRAGMAS);
    const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(connection) });
    await migrate(db, applied, path);
    return { connection, db };
  } catch (thrown) {
    connection?.close();
    throw storageError('Opening the database of the state directory', thrown);
  }
};
