import { SqliteAdapter } from 'kysely';

/**
 * Kysely's own adapter says that SQLite cannot roll back DDL, which is true only of pools that hand each
 * statement to another connection. Ours has one connection, so a migration is all or nothing.
 */
export class NodeSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
