import type { Command } from 'commander';
import { z } from 'zod';
import { examples, type Finish, optionsOf, printJson, serverFlags, withServer } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { printableCell } from '../terminal.ts';

const optionsSchema = z.object({ open: z.boolean().optional(), json: z.boolean().default(false) });

export const registerDashboard = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withServer(
    program.command('dashboard').description('print a link that opens the dashboard, once'),
    deps,
  )
    .option('--open', 'open it in the browser without asking')
    .option('--no-open', 'print it and do not ask')
    .action(async (_options: unknown, self: Command) => {
      const { open, json } = optionsOf(self, optionsSchema);
      const client = await deps.connect(serverFlags(self, deps));
      const url = await client.dashboardLink();
      if (json) printJson(deps, { url });
      else deps.stdout(`${printableCell(url)}\n`);
      if (deps.open !== undefined && (await wanted(deps, open, json))) await deps.open(url);
      finish(0);
    });
  examples(
    command,
    ['dashboard', 'print the link, and offer to open it'],
    ['dashboard --open', 'straight to the browser'],
  );
};

const wanted = async (deps: CliDeps, open: boolean | undefined, json: boolean): Promise<boolean> => {
  if (open !== undefined) return open;
  return !json && deps.screen !== undefined && (await deps.confirm?.('Open it in the browser?')) === true;
};
