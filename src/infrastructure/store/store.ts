import type { AuditTip } from '../../application/auditing/chain.ts';
import type { AuditStore } from '../../application/auditing/ports.ts';
import type { Store } from '../../application/ports/store.ts';
import type { Clock } from '../../application/ports/system.ts';
import { jobIdSchema } from '../../domain/ids.ts';
import { auditOver } from './auditLog.ts';
import { AuditWriter } from './auditStep.ts';
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
  /** Strikes secrets that are known by value out of the audit log. */
  readonly strike?: (text: string) => string;
  /** Hears the end of the audit log once it is durable. */
  readonly onAudited?: (tip: AuditTip) => void;
};

/** The audit log lies in the same database, and is written in the same transactions. */
export type AuditedStore = Store & { readonly audit: AuditStore };

/** The store over a database that is open and migrated; `close` closes it. */
export const storeOver = (
  database: Database,
  { clock, maxQueuedTasks, strike = (text) => text, onAudited = () => {} }: StoreOptions,
): AuditedStore => {
  const statements = prepareStatements(database);
  const openAtStart = statements.unfinishedJobs
    .all({})
    .reduce((sum, { id }) => sum + openTasksOf(statements, jobIdSchema.parse(id)), 0);
  const heads = new Heads(statements);
  const audit = new AuditWriter(statements.audit, { strike, onTip: onAudited });
  const writes = new GroupCommit(
    database.connection,
    openAtStart,
    () => heads.forget(),
    () => audit.committed(),
  );
  const options = { statements, heads, audit, clock, maxQueuedTasks };
  let closed = false;
  const assertOpen = (): void => {
    if (closed) throw closedError();
  };
  return {
    ...storeReads(database, statements, assertOpen),
    audit: auditOver({ statements: statements.audit, writer: audit, writes, clock, assertOpen }),
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
