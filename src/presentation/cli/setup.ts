import { type Command, Option } from 'commander';
import { z } from 'zod';
import {
  CLIENT_IDS,
  type ClientChange,
  type ClientId,
  type ClientRegistry,
} from '../../application/clients.ts';
import { ConfigurationError, ERROR_CODES, toOrchestratorError } from '../../domain/errors/index.ts';
import { renderChange } from './changeText.ts';
import type { SetupDeps, SetupPrompts } from './setupDeps.ts';
import { type Done, report, type Wish, warn } from './setupReport.ts';
import { painter } from './terminal.ts';

const optionsSchema = z.object({
  client: z.array(z.enum(CLIENT_IDS)).default([]),
  yes: z.boolean().default(false),
  json: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});
type Options = z.output<typeof optionsSchema>;
/** Adds `setup` and `remove`. @param finish hears the exit code. */
export const registerSetupCommands = (
  program: Command,
  deps: SetupDeps,
  finish: (exitCode: number) => void,
): void => {
  const command = (name: string, description: string, wish: Wish): void => {
    program
      .command(name)
      .description(description)
      .addOption(
        new Option('--client <client>', 'a client; may be given more than once')
          .choices(CLIENT_IDS)
          .argParser((value, previous: readonly string[] = []) => [...previous, ...value.split(',')]),
      )
      .option('--yes', 'write without asking')
      .option('--dry-run', 'show the change and write nothing')
      .option('--json', 'print JSON')
      .action(async (_options: unknown, self: Command) => {
        const options = optionsSchema.safeParse(self.opts());
        if (!options.success) {
          throw new ConfigurationError('That client is not known.', {
            hint: `--client takes ${CLIENT_IDS.join(', ')}.`,
          });
        }
        finish(await runSetup(deps, wish, options.data));
      });
  };
  command('setup', 'register this server with MCP clients', 'add');
  command('remove', 'take the registration out again', 'remove');
};

/**
 * Plans all, shows all, asks, and only then writes: what one client's broken file says stops the others too.
 * @returns the exit code: 0, or that of the first client that could not be written.
 */
export const runSetup = async (deps: SetupDeps, wish: Wish, o: Options): Promise<number> => {
  const registry = await deps.clients();
  const prompts = o.yes || o.json || o.dryRun ? undefined : await deps.prompts?.();
  const wanted = await clientsFor(registry, wish, o, prompts);
  const changes = await Promise.all(wanted.map((client) => registry.plan(client, wish)));
  const open = changes.filter(({ action }) => action !== 'none');
  if (!o.json) {
    const paint = painter(deps.color.stdout);
    deps.stdout(changes.map((change) => renderChange(change, paint)).join('\n'));
    if (changes.length === 0) deps.stdout('No client has this server.\n');
  }
  if (wish === 'add') warn(deps, registry.launch.warnings);
  if (open.length > 0 && !o.dryRun && !(await agreed(wish, open, o, prompts))) {
    deps.stderr('Nothing was written.\n');
    return 0;
  }
  const done: Done[] = [];
  for (const change of changes) done.push(await write(registry, change, o.dryRun));
  await report(deps, wish, o, done, registry);
  const failed = done.find(({ error }) => error !== undefined);
  return failed?.error === undefined ? 0 : ERROR_CODES[failed.error.code].exit;
};

const clientsFor = async (
  registry: ClientRegistry,
  wish: Wish,
  o: Options,
  prompts: SetupPrompts | undefined,
): Promise<readonly ClientId[]> => {
  if (o.client.length > 0) return [...new Set(o.client)];
  const found = await registry.found();
  if (wish === 'remove') {
    const plans = await Promise.all(found.map((client) => registry.plan(client, wish)));
    return plans.filter(({ action }) => action !== 'none').map(({ client }) => client);
  }
  if (found.length === 0) {
    throw new ConfigurationError('No MCP client was found on this machine.', {
      hint: `Name one: --client with ${CLIENT_IDS.join(', ')}.`,
    });
  }
  if (prompts === undefined) return found;
  return prompts.choose(
    'Register claude-orchestrator with',
    found.map((value) => ({ value, label: registry.titles[value] })),
  );
};

const agreed = async (
  wish: Wish,
  open: readonly ClientChange[],
  o: Options,
  prompts: SetupPrompts | undefined,
): Promise<boolean> => {
  if (o.yes) return true;
  if (prompts === undefined) {
    throw new ConfigurationError('There is nobody to ask, so nothing was written.', {
      hint: 'Look at the change with --dry-run, then run it again with --yes.',
    });
  }
  const titles = open.map(({ title }) => title).join(', ');
  return prompts.confirm(wish === 'add' ? `Write this for ${titles}?` : `Remove it from ${titles}?`);
};

const write = async (registry: ClientRegistry, change: ClientChange, dryRun: boolean): Promise<Done> => {
  if (dryRun || change.action === 'none') return { change, written: false };
  try {
    const { backup } = await registry.apply(change);
    return { change, written: true, backup };
  } catch (thrown) {
    return { change, written: false, error: toOrchestratorError(thrown) };
  }
};
