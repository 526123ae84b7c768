import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const initial: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('jobs')
      .addColumn('key', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('created_at', 'real', (column) => column.notNull())
      .addColumn('idempotency_key', 'text', (column) => column.unique())
      .addColumn('body_sha256', 'text')
      .addColumn('expected_tasks', 'integer', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .modifyEnd(sql`strict`)
      .execute();
    await db.schema.createIndex('jobs_by_age').on('jobs').columns(['created_at', 'key']).execute();
    await db.schema
      .createIndex('jobs_by_status')
      .on('jobs')
      .columns(['status', 'created_at', 'key'])
      .execute();
    await db.schema
      .createTable('job_specs')
      .addColumn('job_id', 'text', (column) => column.primaryKey().notNull().references('jobs.id'))
      .addColumn('spec', 'text', (column) => column.notNull())
      .modifyEnd(sql`strict`)
      .execute();
    await db.schema
      .createTable('tasks')
      .addColumn('job_id', 'text', (column) => column.notNull().references('jobs.id'))
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('tasks_key', ['job_id', 'id'])
      .modifyEnd(sql`strict, without rowid`)
      .execute();
    await db.schema
      .createTable('task_specs')
      .addColumn('job_id', 'text', (column) => column.notNull())
      .addColumn('task_id', 'text', (column) => column.notNull())
      .addColumn('spec', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('task_specs_key', ['job_id', 'task_id'])
      .addForeignKeyConstraint('task_specs_task', ['job_id', 'task_id'], 'tasks', ['job_id', 'id'])
      .modifyEnd(sql`strict`)
      .execute();
    await db.schema
      .createTable('events')
      .addColumn('job_id', 'text', (column) => column.notNull().references('jobs.id'))
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('at', 'real', (column) => column.notNull())
      .addColumn('happening', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('events_key', ['job_id', 'seq'])
      .modifyEnd(sql`strict, without rowid`)
      .execute();
  },
};
