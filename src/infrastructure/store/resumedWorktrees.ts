import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { TERMINAL_TASK } from '../../domain/task.ts';
import { storageError } from './storageError.ts';

/** How long a row may be waited for where a server writes, milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

const rows = z.array(z.object({ status: z.string(), worktree: z.string() }));

/**
 * The worktrees that tasks will go on in, read without a server and beside one: nothing is changed, no table is
 * made or migrated. None where there is no database yet.
 * @throws FileSystemError where it cannot be read: then nobody knows which worktrees are still needed.
 */
export const resumedWorktrees = (file: string): ReadonlySet<string> => {
  if (!existsSync(file)) return new Set();
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    if (database.prepare(`select 1 from sqlite_master where name = 'tasks'`).get() === undefined)
      return new Set();
    const found = database
      .prepare(
        `select status, json_extract(state, '$.resume.worktree') as worktree from tasks where worktree is not null`,
      )
      .all();
    return new Set(
      rows.parse(found).flatMap(({ status, worktree }) => (TERMINALS.has(status) ? [] : [worktree])),
    );
  } catch (thrown) {
    throw storageError('Reading which worktrees are still needed', thrown);
  } finally {
    database?.close();
  }
};

const TERMINALS: ReadonlySet<string> = TERMINAL_TASK;
