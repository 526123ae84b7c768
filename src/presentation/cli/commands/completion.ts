import { Argument, type Command } from 'commander';
import { examples, type Finish, PROGRAM } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { SHELLS } from '../shells.ts';

/**
 * Adds `completion`, and the hidden command that a shell calls at each Tab.
 * @param twin the same commands anew: what completes them puts commands of its own in.
 */
export const registerCompletion = (
  program: Command,
  deps: CliDeps,
  finish: Finish,
  twin: () => Command,
): void => {
  const command = program
    .command('completion')
    .description('print a script that makes the shell complete commands, flags and job ids')
    .addArgument(new Argument('<shell>', 'of yours').choices(SHELLS))
    .action(async (shell: string) => {
      const { script } = await import('@bomb.sh/tab');
      script(shell, PROGRAM, PROGRAM);
      finish(0);
    });
  examples(
    command,
    ['completion bash >> ~/.bashrc', 'bash, with its package bash-completion'],
    ['completion zsh > ~/.zsh/_claude-orchestrator', 'zsh, in a folder of fpath'],
    ['completion fish > ~/.config/fish/completions/claude-orchestrator.fish', 'fish'],
  );
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: readonly string[]) => {
      const { complete } = await import('../complete.ts');
      await complete(twin(), words, deps);
      finish(0);
    });
};
