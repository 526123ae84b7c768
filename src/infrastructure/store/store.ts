import type { Clock, Store } from '../../application/ports.ts';
import { jobIdSchema } from '../../domain/ids.ts';
import type { Database } from './database.ts';
import { closedError, GroupCommit } from './groupCommit.ts';
import { Heads } from './heads.ts';
import { openTasksOf } from './queue.ts';
import { storeReads } from './reads.ts';
import { prepareStatements } from './statements.ts';
import { commitStep, createStep } from './steps.ts';

export type StoreOptions = {
  readonly clock: Clock;
  /** Open tasks over all jobs; a job that would go above is refused. */
  readonly maxQueuedTasks: number;
};

/** The store over a database that is open and migrated; `close` closes it. */
export const storeOver = (database: Database, { clock, maxQueuedTasks }: StoreOptions): Store => {
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
    createJob: async (job, idempotencyKey) => writes.run(createStep(options, job, idempotencyKey), false),
    commit: async (jobId, changes, happenings) =>
      writes.run(commitStep(options, jobId, changes, happenings), true),
    openTaskCount: async () => {
      assertOpen();
      return writes.openTasks;
    },
    waitingForDisk: () => writes.held,
    close: async () => {
      if (closed) return;
      closed = true;
      writes.close();
      database.connection.close();
    },
  };
};
