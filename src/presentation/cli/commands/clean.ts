import type { Command } from 'commander';
import { z } from 'zod';
import { runClean } from '../clean.ts';
import { examples, type Finish, flagsOf, JSON_OPTION, withSettings } from '../command.ts';
import type { CliDeps } from '../deps.ts';

const optionsSchema = z.object({ yes: z.boolean().default(false), json: z.boolean().default(false) });

export const registerClean = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withSettings(
    program.command('clean').description('list kept worktrees and remove them'),
    deps,
  )
    .option(...JSON_OPTION)
    .option('--yes', 'remove without asking')
    .action(async (_options: unknown, self: Command) => {
      finish(await runClean(deps, { ...optionsSchema.parse(self.opts()), flags: flagsOf(self, deps) }));
    });
  examples(
    command,
    ['clean', 'show what was kept for you, and ask'],
    ['clean --yes', 'remove it all; commits stay on their branches'],
  );
};
