import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What persons were asked and what they decided, and the chain of who did what. */
export const approvals: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('approvals')
      .addColumn('key', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('job_id', 'text', (column) => column.notNull().references('jobs.id'))
      .addColumn('task_id', 'text', (column) => column.notNull())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('created_at', 'real', (column) => column.notNull())
      .addColumn('expires_at', 'real', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .modifyEnd(sql`strict`)
      .execute();
    await db.schema
      .createIndex('approvals_by_job')
      .on('approvals')
      .columns(['job_id', 'status', 'created_at', 'key'])
      .execute();
    await db.schema
      .createIndex('approvals_by_status')
      .on('approvals')
      .columns(['status', 'created_at', 'key'])
      .execute();
    await db.schema.createIndex('approvals_by_age').on('approvals').columns(['created_at', 'key']).execute();
    await db.schema
      .createTable('audit')
      .addColumn('seq', 'integer', (column) => column.primaryKey())
      .addColumn('at', 'integer', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('job_id', 'text')
      .addColumn('task_id', 'text')
      .addColumn('approval_id', 'text')
      .addColumn('detail', 'text', (column) => column.notNull())
      .addColumn('previous', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .modifyEnd(sql`strict`)
      .execute();
    // Not proof against whoever may write the file, which the chain is there for; against a slip of our own.
    for (const change of ['update', 'delete']) {
      await sql`create trigger ${sql.ref(`audit_no_${change}`)} before ${sql.raw(change)} on audit
        begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
    }
    // The last word on these is looked up at each start.
    await sql`create index audit_of_settings on audit (type, seq)
      where type in ('passphrase.set', 'settings.changed', 'policy.changed')`.execute(db);
  },
};
