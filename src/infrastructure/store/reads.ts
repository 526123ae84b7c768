import type { ApprovalFilter, JobFilter, Store } from '../../application/ports/store.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Database } from './database.ts';
import { decodeApproval, decodeEvent, decodeJob, decodeTask } from './records.ts';
import type { Statements } from './statements.ts';
import { storageError } from './storageError.ts';

type Reads = Pick<
  Store,
  | 'job'
  | 'tasks'
  | 'task'
  | 'jobs'
  | 'events'
  | 'lastSeq'
  | 'approval'
  | 'approvals'
  | 'unfinishedJobs'
  | 'spend'
>;

/** The reading half of the store; every record is parsed on its way out. */
export const storeReads = ({ db }: Database, statements: Statements, assertOpen: () => void): Reads => {
  const read = async <T>(work: () => T | Promise<T>): Promise<T> => {
    assertOpen();
    try {
      return await work();
    } catch (thrown) {
      throw storageError('Reading the database', thrown);
    }
  };

  const page = async ({
    owner,
    statuses,
    limit,
    cursor,
  }: JobFilter): Promise<Awaited<ReturnType<Store['jobs']>>> => {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = await db
      .selectFrom('jobs')
      .innerJoin('job_specs', 'job_specs.job_id', 'jobs.id')
      .select(['key', 'jobs.id', 'created_at', 'state', 'spec'])
      .$if(owner !== undefined, (query) => query.where('owner', '=', owner ?? ''))
      .$if(statuses !== undefined, (query) => query.where('status', 'in', statuses ?? []))
      .$if(after !== undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('created_at', 'key'), '<', tuple(after?.createdAt ?? 0, after?.key ?? 0)),
        ),
      )
      .orderBy('created_at', 'desc')
      .orderBy('key', 'desc')
      // One more than asked for tells whether there is a next page.
      .limit(limit + 1)
      .execute();
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      jobs: shown.map(decodeJob),
      nextCursor: more ? encodeCursor({ createdAt: last.created_at, key: last.key }) : undefined,
    };
  };

  const approvalPage = async ({
    owner,
    jobId,
    statuses,
    limit,
    cursor,
  }: ApprovalFilter): ReturnType<Store['approvals']> => {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = await db
      .selectFrom('approvals')
      .select(['key', 'id', 'created_at', 'state'])
      .$if(owner !== undefined, (query) => query.where('owner', '=', owner ?? ''))
      .$if(jobId !== undefined, (query) => query.where('job_id', '=', jobId ?? ''))
      .$if(statuses !== undefined, (query) => query.where('status', 'in', statuses ?? []))
      .$if(after !== undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('created_at', 'key'), '<', tuple(after?.createdAt ?? 0, after?.key ?? 0)),
        ),
      )
      .orderBy('created_at', 'desc')
      .orderBy('key', 'desc')
      .limit(limit + 1)
      .execute();
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      approvals: shown.map(decodeApproval),
      nextCursor: more ? encodeCursor({ createdAt: last.created_at, key: last.key }) : undefined,
    };
  };

  return {
    approval: (id) =>
      read(() => {
        const row = statements.approval.first({ id });
        return row === undefined ? undefined : decodeApproval(row);
      }),
    approvals: (filter) => read(() => approvalPage(filter)),
    job: (id) =>
      read(() => {
        const row = statements.job.first({ id });
        return row === undefined ? undefined : decodeJob(row);
      }),
    tasks: (id) => read(() => statements.tasks.all({ job: id }).map(decodeTask)),
    task: (id, task) =>
      read(() => {
        const row = statements.task.first({ job: id, id: task });
        return row === undefined ? undefined : decodeTask(row);
      }),
    jobs: (filter) => read(() => page(filter)),
    events: (id, after, limit) =>
      read(() => statements.events.all({ job: id, after, limit }).map(decodeEvent)),
    spend: (since) => read(() => statements.spend.first({ since })?.usd ?? 0),
    lastSeq: (id) => read(() => statements.head.first({ id })?.seq ?? 0),
    unfinishedJobs: () => read(() => statements.unfinishedJobs.all({}).map(decodeJob)),
  };
};
