import type { Command } from 'commander';
import { z } from 'zod';
import {
  examples,
  type Finish,
  flagsOf,
  JSON_OPTION,
  optionsOf,
  PROGRAM,
  printJson,
  withStateDir,
} from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { printableCell } from '../terminal.ts';

const optionsSchema = z.object({ now: z.boolean().default(false), json: z.boolean().default(false) });

export const registerStop = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withStateDir(
    program
      .command('stop')
      .description('end the local server and wait until it is gone; its jobs go on with the next one'),
    deps,
  )
    .option('--now', 'give running tasks no time: they run anew at the next start')
    .option(...JSON_OPTION)
    .action(async (_options: unknown, self: Command) => {
      const { now, json } = optionsOf(self, optionsSchema);
      const stopped = await deps.stop({
        flags: flagsOf(self, deps),
        now,
        onWait: (drainSeconds) => {
          if (!json && !now) deps.stderr(waitText(drainSeconds));
        },
      });
      if (json) printJson(deps, stopped === undefined ? { stopped: false } : { stopped: true, ...stopped });
      else deps.stdout(stopped === undefined ? 'No server runs.\n' : endText(stopped));
      finish(0);
    });
  examples(
    command,
    ['stop', 'running tasks get their time; the next call starts the server again'],
    ['stop --now', 'within two seconds'],
  );
};

const waitText = (seconds: number): string =>
  `The server stops; running tasks get up to ${seconds} s. \`${PROGRAM} stop --now\` ends it at once.\n`;

const endText = ({ pid, url }: { readonly pid: number; readonly url: string }): string =>
  `The server at ${printableCell(url)} (process ${pid}) has ended.\n`;
