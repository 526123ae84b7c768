import type { Clock, Store } from '../../application/ports.ts';
import { jobIdSchema } from '../../domain/ids.ts';
import { type Database, openDatabase } from './database.ts';
import { closedError, GroupCommit } from './groupCommit.ts';
import { Heads } from './heads.ts';
import { openTasksOf } from './queue.ts';
import { storeReads } from './reads.ts';
import { prepareStatements } from './statements.ts';
import { commitStep, createStep } from './steps.ts';

export type StoreOptions = {
  /** The database file; made with its folder where missing. Its owner must hold `claimStateDir`. */
  readonly path: string;
  readonly clock: Clock;
  /** Open tasks over all jobs; a job that would go above is refused. */
  readonly maxQueuedTasks: number;
};

/**
 * Opens the store of one process.
 * @throws ConfigurationError the file is a newer program's · FileSystemError what the disk or SQLite refused
 */
export const openStore = async ({ path, ...options }: StoreOptions): Promise<Store> =>
  storeOver(await openDatabase(path), options);

/** The store over a database that is open and migrated; `close` closes it. */
export const storeOver = (
  database: Database,
  { clock, maxQueuedTasks }: Pick<StoreOptions, 'clock' | 'maxQueuedTasks'>,
): Store => {
  const statements = prepareStatements(database);
  const openAtStart = statements.unfinishedJobs
    .all({})
    .reduce((sum, { id }) => sum + openTasksOf(statements, jobIdSchema.parse(id)), 0);
  const heads = new Heads(statements);
  const writes = new GroupCommit(database.connection, openAtStart, () => heads.forget());
  const options = { statements, heads, clock, maxQueuedTasks };
  let closed = false;
  const assertOpen = (): void => {
    if (closed) throw closedError();
  };
  return {
    ...storeReads(database, statements, assertOpen),
    // Async, so that a record which cannot be encoded rejects like everything else.
    createJob: async (job, idempotencyKey) => writes.run(createStep(options, job, idempotencyKey)),
    commit: async (jobId, changes, happenings) => writes.run(commitStep(options, jobId, changes, happenings)),
    openTaskCount: async () => {
      assertOpen();
      return writes.openTasks;
    },
    close: async () => {
      if (closed) return;
      closed = true;
      writes.close();
      database.connection.close();
    },
  };
};
