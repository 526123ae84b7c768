import { type Command, Option } from 'commander';
import { z } from 'zod';
import {
  examples,
  type Finish,
  flagsOf,
  JSON_OPTION,
  optionsOf,
  PROGRAM,
  printJsonLine,
  withSettings,
} from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { printableCell } from '../terminal.ts';

const optionsSchema = z.object({ detached: z.boolean().default(false), json: z.boolean().default(false) });

export const registerServe = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withSettings(
    program.command('serve').description('run the server: MCP over HTTP, REST and the dashboard'),
    deps,
  )
    .option(...JSON_OPTION)
    .addOption(new Option('--detached', 'for the command that starts it').hideHelp())
    .action(async (_options: unknown, self: Command) => {
      const { detached, json } = optionsOf(self, optionsSchema);
      await deps.serve({
        flags: flagsOf(self, deps),
        detached,
        onReady: (url) => {
          if (detached) return;
          if (json) printJsonLine(deps, { url });
          else
            deps.stdout(`Serving at ${printableCell(url)}; \`${PROGRAM} dashboard\` gives a link to it.\n`);
        },
        onStopping: (seconds) =>
          deps.stderr(`Stopping: running tasks get up to ${seconds} s; Ctrl-C again ends at once.\n`),
      });
      finish(0);
    });
  examples(
    command,
    ['serve', 'on this machine alone, at a free port'],
    ['serve --port 8400', 'at a port of your own; it runs until it is stopped'],
    ['serve --max-workers 4 --log-format pretty', 'four workers, logs for people'],
  );
};
