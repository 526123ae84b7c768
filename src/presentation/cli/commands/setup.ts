import type { Command } from 'commander';
import { examples, type Finish } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { registerSetupCommands } from '../setup.ts';

/** `setup` and `remove`, with what one would type. */
export const registerSetup = (program: Command, deps: CliDeps, finish: Finish): void => {
  registerSetupCommands(program, deps, finish);
  const command = (name: string): Command | undefined => program.commands.find((one) => one.name() === name);
  const setup = command('setup');
  const remove = command('remove');
  if (setup !== undefined) {
    examples(
      setup,
      ['setup', 'look for clients and ask'],
      ['setup --client cursor --dry-run', 'what would be written'],
      ['setup --client claude-code --yes', 'without asking'],
    );
  }
  if (remove !== undefined) {
    examples(
      remove,
      ['remove', 'from all clients that have it'],
      ['remove --client cursor --yes', 'from one, without asking'],
    );
  }
};
