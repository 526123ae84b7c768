import type { Command } from 'commander';
import { z } from 'zod';
import { ForbiddenError } from '../../../domain/errors/index.ts';
import { roleSchema } from '../../../domain/principal.ts';
import type { OrchestratorClient } from '../../client/api.ts';
import { createKeyInputSchema, type KeyRow, MAX_OVERLAP_SECONDS, type NewKey } from '../../wire/keys.ts';
import { examples, type Finish, optionsOf, PROGRAM, printJson, serverFlags, withServer } from '../command.ts';
import type { CliDeps, FlagValues } from '../deps.ts';
import { asPerson, type SigningIn } from '../personSession.ts';
import type { SecretPrompts } from '../secretPrompts.ts';
import { inColumns, printableCell } from '../terminal.ts';

type KeysClient = Pick<OrchestratorClient, 'createKey' | 'listKeys' | 'revokeKey' | 'rotateKey'>;

export type KeysDeps = Pick<CliDeps, 'settings' | 'stdout' | 'stderr' | 'now'> & {
  /** Undefined where there is no terminal on both sides. */
  readonly secrets: (() => Promise<SecretPrompts>) | undefined;
  readonly keyClients: {
    /** With the key of ORCHESTRATOR_API_KEY; undefined where none is set. */
    readonly withKey: (flags: FlagValues) => Promise<KeysClient | undefined>;
    /** Without a right to keys until it has signed in. */
    readonly person: (flags: FlagValues) => Promise<KeysClient & SigningIn>;
  };
};

const json = z.boolean().default(false);
const wholeNumber = z
  .string()
  .regex(/^\d{1,6}$/, 'must be a whole number')
  .transform(Number);
const createSchema = z.object({
  label: createKeyInputSchema.shape.label,
  role: roleSchema,
  expiresInDays: wholeNumber.pipe(z.number().min(1).max(3650)).optional(),
  json,
});
const rotateSchema = z.object({
  overlapSeconds: wholeNumber.pipe(z.number().max(MAX_OVERLAP_SECONDS)).optional(),
  json,
});
const plainSchema = z.object({ json });

/** Adds `keys create|list|revoke|rotate`: with an admin's key, or as the person for one command. */
export const registerKeys = (program: Command, deps: KeysDeps, finish: Finish): void => {
  const keys = program
    .command('keys')
    .description('keys for others: make, list, revoke, rotate')
    .helpCommand(false);
  const run = async (self: Command, work: (client: KeysClient) => Promise<void>): Promise<void> => {
    await asAdmin(deps, serverFlags(self, deps), work);
    finish(0);
  };

  const create = withServer(keys.command('create').description('make a key; it is shown this once'), deps)
    .requiredOption('--label <text>', 'who or what it is for')
    .requiredOption('--role <role>', roleSchema.options.join(', '))
    .option('--expires-in-days <days>', 'how long it is good; for ever where left out')
    .action(async (_options: unknown, self: Command) => {
      const { label, role, expiresInDays, json: asJson } = optionsOf(self, createSchema);
      await run(self, async (client) => {
        const days = expiresInDays === undefined ? {} : { expires_in_days: expiresInDays };
        showNew(deps, await client.createKey({ label, role, ...days }), asJson);
      });
    });
  const list = withServer(keys.command('list').description('all keys, the revoked ones too'), deps).action(
    async (_options: unknown, self: Command) => {
      const { json: asJson } = optionsOf(self, plainSchema);
      await run(self, async (client) => {
        const rows = await client.listKeys();
        if (asJson) printJson(deps, { keys: rows });
        else deps.stdout(table(rows, deps.now()));
      });
    },
  );
  const revoke = withServer(keys.command('revoke').description('make a key useless, at once'), deps)
    .argument('<id>', 'id of the key, from `keys list`')
    .action(async (id: string, _options: unknown, self: Command) => {
      const { json: asJson } = optionsOf(self, plainSchema);
      await run(self, async (client) => {
        const row = await client.revokeKey(id);
        if (asJson) printJson(deps, row);
        else deps.stdout(`${printableCell(row.id)} (${printableCell(row.label)}) is revoked.\n`);
      });
    });
  const rotate = withServer(
    keys.command('rotate').description('replace a key by a new one with the same rights'),
    deps,
  )
    .argument('<id>', 'id of the key, from `keys list`')
    .option('--overlap-seconds <seconds>', `how long the old one stays good (0-${MAX_OVERLAP_SECONDS}; 0)`)
    .action(async (id: string, _options: unknown, self: Command) => {
      const { overlapSeconds, json: asJson } = optionsOf(self, rotateSchema);
      await run(self, async (client) => showNew(deps, await client.rotateKey(id, overlapSeconds), asJson));
    });
  examples(
    create,
    ['keys create --label ci --role agent --expires-in-days 90', 'for a build server'],
    ['keys create --label wall --role viewer', 'for a screen that only shows'],
  );
  examples(list, ['keys list', 'who has a key'], ['keys list --json', 'the same for a program']);
  examples(revoke, ['keys revoke key_7k', 'the id is in `keys list`']);
  examples(rotate, ['keys rotate key_7k --overlap-seconds 600', 'ten minutes to put the new one in place']);
};

/**
 * Runs one command's work with the right to keys. A session of the person lives as long as the command.
 * @throws ForbiddenError neither a key nor a terminal · UserDeniedError the person gave up
 */
const asAdmin = async (
  { secrets, keyClients, stderr }: KeysDeps,
  flags: FlagValues,
  work: (client: KeysClient) => Promise<void>,
): Promise<void> => {
  const withKey = await keyClients.withKey(flags);
  if (withKey !== undefined) return work(withKey);
  if (secrets === undefined) {
    throw new ForbiddenError('Keys ask for the passphrase, and there is no terminal to ask on.', {
      hint: `Run it in a terminal, or put an admin key into ORCHESTRATOR_API_KEY (\`${PROGRAM} keys create --role admin\` makes one).`,
    });
  }
  const client = await keyClients.person(flags);
  await asPerson(client, { secrets, stderr, question: 'Passphrase' }, work);
};

/** The key alone on stdout, so that it can be handed on; what belongs to it beside. */
const showNew = (deps: KeysDeps, made: NewKey, asJson: boolean): void => {
  if (asJson) {
    printJson(deps, made);
    return;
  }
  const until = made.expires_at === undefined ? 'until it is revoked' : `until ${made.expires_at}`;
  deps.stderr(
    `${printableCell(made.id)} (${printableCell(made.label)}), ${made.role}, good ${until}. Shown this once:\n`,
  );
  deps.stdout(`${printableCell(made.key)}\n`);
};

const stateOf = ({ revoked_at: revoked, expires_at: expires }: KeyRow, now: number): string => {
  if (revoked !== undefined) return 'revoked';
  if (expires === undefined) return 'good';
  return Date.parse(expires) <= now ? 'expired' : `good until ${expires}`;
};

const table = (rows: readonly KeyRow[], now: number): string =>
  rows.length === 0
    ? 'There are no keys.\n'
    : `${inColumns([
        ['ID', 'LABEL', 'ROLE', 'KEY', 'LAST USED', 'STATE'],
        ...rows.map((row) =>
          [row.id, row.label, row.role, `${row.prefix}…`, row.last_used_at ?? 'never', stateOf(row, now)].map(
            printableCell,
          ),
        ),
      ]).join('\n')}\n`;
