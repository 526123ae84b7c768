import { sql } from 'kysely';
import { z } from 'zod';
import { jobStatusSchema, TERMINAL_JOB } from '../../domain/job.ts';
import { TERMINAL_TASK, taskStatusSchema } from '../../domain/task.ts';
import { prepareApprovalStatements } from './approvalStatements.ts';
import { prepareAuditStatements } from './auditStatements.ts';
import type { Database } from './database.ts';
import { prepareRead, prepareWrite } from './sqlite/prepared.ts';

export const recordRow = z.object({ id: z.string(), state: z.string(), spec: z.string() });
const eventRow = z.object({ job_id: z.string(), seq: z.number(), at: z.number(), happening: z.string() });
const headRow = z.object({ status: jobStatusSchema, seq: z.number() });
const weightRow = z.object({
  status: jobStatusSchema,
  expected: z.number(),
  planned: z.number(),
  open: z.number(),
});
const taskHeadRow = z.object({ status: taskStatusSchema, attempts: z.number() });
const idempotencyRow = recordRow.extend({ body: z.string().nullable() });

const spendRow = z.object({ usd: z.number() });

type ById = { readonly id: string };
type ByTask = { readonly job: string; readonly id: string };

// Constants of the program, not values of a run: they go into the SQL text and cost no slot.
const literals = (statuses: ReadonlySet<string>) => sql.join([...statuses].map((status) => sql.lit(status)));
const OPEN_TASK = sql<boolean>`tasks.status not in (${literals(TERMINAL_TASK)})`;
const OPEN_JOB = sql<boolean>`jobs.status not in (${literals(TERMINAL_JOB)})`;

/** Every statement that runs often, compiled and prepared once for one connection. */
export const prepareStatements = (database: Database) => {
  const { connection, db } = database;
  const jobs = db
    .selectFrom('jobs')
    .innerJoin('job_specs', 'job_specs.job_id', 'jobs.id')
    .select(['jobs.id', 'state', 'spec']);
  const tasks = db
    .selectFrom('tasks')
    .innerJoin('task_specs', (on) =>
      on.onRef('task_specs.job_id', '=', 'tasks.job_id').onRef('task_specs.task_id', '=', 'tasks.id'),
    )
    .select(['tasks.id', 'state', 'spec']);

  return {
    ...prepareApprovalStatements(database),
    audit: prepareAuditStatements(database),
    insertJob: prepareWrite<{
      id: string;
      status: string;
      createdAt: number;
      idempotencyKey: string | null;
      body: string | null;
      expected: number;
      state: string;
      owner: string;
    }>(connection, (slot) =>
      db.insertInto('jobs').values({
        id: slot('id'),
        status: slot('status'),
        created_at: slot('createdAt'),
        idempotency_key: slot('idempotencyKey'),
        body_sha256: slot('body'),
        expected_tasks: slot('expected'),
        state: slot('state'),
        owner: slot('owner'),
      }),
    ),
    insertJobSpec: prepareWrite<{ job: string; spec: string }>(connection, (slot) =>
      db.insertInto('job_specs').values({ job_id: slot('job'), spec: slot('spec') }),
    ),
    insertTask: prepareWrite<ByTask & { position: number; status: string; attempts: number; state: string }>(
      connection,
      (slot) =>
        db.insertInto('tasks').values({
          job_id: slot('job'),
          id: slot('id'),
          position: slot('position'),
          status: slot('status'),
          attempts: slot('attempts'),
          state: slot('state'),
        }),
    ),
    insertTaskSpec: prepareWrite<ByTask & { spec: string }>(connection, (slot) =>
      db.insertInto('task_specs').values({ job_id: slot('job'), task_id: slot('id'), spec: slot('spec') }),
    ),
    insertEvent: prepareWrite<{ job: string; seq: number; at: number; happening: string }>(
      connection,
      (slot) =>
        db
          .insertInto('events')
          .values({ job_id: slot('job'), seq: slot('seq'), at: slot('at'), happening: slot('happening') }),
    ),
    /** Compare-and-set: changes no row where the stored status is not `from`. */
    updateJob: prepareWrite<ById & { from: string; to: string; state: string }>(connection, (slot) =>
      db
        .updateTable('jobs')
        .set({ status: slot('to'), state: slot('state') })
        .where('id', '=', slot('id'))
        .where('status', '=', slot('from')),
    ),
    /** Compare-and-set: changes no row where the stored status or attempt is not the one given. */
    updateTask: prepareWrite<
      ByTask & { fromStatus: string; fromAttempts: number; status: string; attempts: number; state: string }
    >(connection, (slot) =>
      db
        .updateTable('tasks')
        .set({ status: slot('status'), attempts: slot('attempts'), state: slot('state') })
        .where('job_id', '=', slot('job'))
        .where('id', '=', slot('id'))
        .where('status', '=', slot('fromStatus'))
        .where('attempts', '=', slot('fromAttempts')),
    ),

    /** Status of a job and the number of its last event. */
    head: prepareRead<ById, z.infer<typeof headRow>>(connection, headRow, (slot) =>
      db
        .selectFrom('jobs')
        .select((eb) => [
          'status',
          eb.fn
            .coalesce(
              eb
                .selectFrom('events')
                .whereRef('events.job_id', '=', 'jobs.id')
                .select((inner) => inner.fn.max('seq').as('seq')),
              sql<number>`0`,
            )
            .as('seq'),
        ])
        .where('id', '=', slot('id')),
    ),
    taskHead: prepareRead<ByTask, z.infer<typeof taskHeadRow>>(connection, taskHeadRow, (slot) =>
      db
        .selectFrom('tasks')
        .select(['status', 'attempts'])
        .where('job_id', '=', slot('job'))
        .where('id', '=', slot('id')),
    ),
    /** What a job counts in the queue. */
    weight: prepareRead<ById, z.infer<typeof weightRow>>(connection, weightRow, (slot) =>
      db
        .selectFrom('jobs')
        .leftJoin('tasks', 'tasks.job_id', 'jobs.id')
        .select(({ fn }) => [
          'jobs.status',
          'expected_tasks as expected',
          fn.count('tasks.id').as('planned'),
          fn.count('tasks.id').filterWhere(OPEN_TASK).as('open'),
        ])
        .where('jobs.id', '=', slot('id'))
        .groupBy('jobs.key'),
    ),
    byIdempotencyKey: prepareRead<{ key: string }, z.infer<typeof idempotencyRow>>(
      connection,
      idempotencyRow,
      (slot) => jobs.select('body_sha256 as body').where('idempotency_key', '=', slot('key')),
    ),

    job: prepareRead<ById, z.infer<typeof recordRow>>(connection, recordRow, (slot) =>
      jobs.where('jobs.id', '=', slot('id')),
    ),
    unfinishedJobs: prepareRead<Record<never, never>, z.infer<typeof recordRow>>(connection, recordRow, () =>
      jobs.where(OPEN_JOB).orderBy('created_at').orderBy('key'),
    ),
    tasks: prepareRead<{ job: string }, z.infer<typeof recordRow>>(connection, recordRow, (slot) =>
      tasks.where('tasks.job_id', '=', slot('job')).orderBy('position'),
    ),
    task: prepareRead<ByTask, z.infer<typeof recordRow>>(connection, recordRow, (slot) =>
      tasks.where('tasks.job_id', '=', slot('job')).where('tasks.id', '=', slot('id')),
    ),
    /** Reads every task of the jobs that are open or have events since then, and no others. */
    spend: prepareRead<{ since: number }, z.infer<typeof spendRow>>(connection, spendRow, (slot) =>
      db
        .selectFrom('tasks')
        .innerJoin('jobs', 'jobs.id', 'tasks.job_id')
        .select(sql<number>`coalesce(sum(tasks.state ->> '$.costUsd'), 0)`.as('usd'))
        .where(({ or, eb }) =>
          or([
            sql<boolean>`jobs.status not in (${literals(TERMINAL_JOB)})`,
            eb(sql<number>`jobs.state ->> '$.endedAt'`, '>=', slot('since')),
          ]),
        )
        .where(({ or, eb }) =>
          or([
            sql<boolean>`tasks.status not in (${literals(TERMINAL_TASK)})`,
            eb(sql<number>`tasks.state ->> '$.endedAt'`, '>=', slot('since')),
          ]),
        ),
    ),
    events: prepareRead<{ job: string; after: number; limit: number }, z.infer<typeof eventRow>>(
      connection,
      eventRow,
      (slot) =>
        db
          .selectFrom('events')
          .select(['job_id', 'seq', 'at', 'happening'])
          .where('job_id', '=', slot('job'))
          .where('seq', '>', slot('after'))
          .orderBy('seq')
          .limit(slot('limit')),
    ),
  };
};

export type Statements = ReturnType<typeof prepareStatements>;
