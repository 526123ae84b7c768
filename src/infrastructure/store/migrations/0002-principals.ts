import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who owns a job, and the credentials of those who are not the local agent. No secret stands here, only hashes. */
export const principals: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('jobs')
      .addColumn('owner', 'text', (column) => column.notNull().defaultTo('local-agent'))
      .execute();
    await db.schema.createIndex('jobs_by_owner').on('jobs').columns(['owner', 'created_at', 'key']).execute();
    // Keys of two principals must not meet: a principal's id holds no newline.
    await sql`update jobs set idempotency_key = owner || char(10) || idempotency_key where idempotency_key is not null`.execute(
      db,
    );
    await db.schema
      .createTable('api_keys')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('label', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('prefix', 'text', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull().unique())
      .addColumn('created_at', 'real', (column) => column.notNull())
      .addColumn('expires_at', 'real')
      .addColumn('last_used_at', 'real')
      .addColumn('revoked_at', 'real')
      .modifyEnd(sql`strict`)
      .execute();
    await db.schema
      .createTable('passkeys')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('label', 'text', (column) => column.notNull())
      .addColumn('public_key', 'text', (column) => column.notNull())
      .addColumn('counter', 'integer', (column) => column.notNull())
      .addColumn('transports', 'text', (column) => column.notNull())
      .addColumn('created_at', 'real', (column) => column.notNull())
      .addColumn('last_used_at', 'real')
      .modifyEnd(sql`strict`)
      .execute();
    await db.schema
      .createTable('sessions')
      .addColumn('sha256', 'text', (column) => column.primaryKey().notNull())
      .addColumn('principal', 'text', (column) => column.notNull())
      .addColumn('roles', 'text', (column) => column.notNull())
      .addColumn('via', 'text', (column) => column.notNull())
      .addColumn('created_at', 'real', (column) => column.notNull())
      .addColumn('expires_at', 'real', (column) => column.notNull())
      .modifyEnd(sql`strict`)
      .execute();
  },
};
