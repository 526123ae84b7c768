import type { Kysely } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import { ConfigurationError } from '../../../domain/errors/index.ts';
import type { Tables } from '../tables.ts';
import { initial } from './0001-initial.ts';
import { principals } from './0002-principals.ts';
import { approvals } from './0003-approvals.ts';

/** Never edit a migration that was released: add the next one. Kysely runs them in the order of the names. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-initial': initial,
  '0002-principals': principals,
  '0003-approvals': approvals,
};

const provider: MigrationProvider = { getMigrations: async () => ({ ...MIGRATIONS }) };

/**
 * Brings the database to the version of this program, all in one transaction.
 * @param applied names of the migrations that the file has had.
 * @throws ConfigurationError where a newer program wrote the file; nothing is then touched.
 */
export const migrate = async (
  db: Kysely<Tables>,
  applied: readonly string[],
  path: string,
): Promise<void> => {
  const unknown = applied.filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (unknown.length > 0) {
    throw new ConfigurationError(
      `The database was written by a newer version of this program (${unknown.join(', ')}).`,
      {
        hint: 'Update claude-orchestrator, or name another ORCHESTRATOR_STATE_DIR.',
        context: { path, unknown, known: Object.keys(MIGRATIONS) },
      },
    );
  }
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
};
