import type { Command } from 'commander';
import { examples, type Finish, flagsOf, withPolicy } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import type { HookDeps } from '../policy/safetyDeps.ts';

/** Adds `hook`, for a person's own Claude Code. */
export const registerHook = (program: Command, deps: CliDeps & HookDeps, finish: Finish): void => {
  const command = withPolicy(
    program
      .command('hook')
      .description(
        "a PreToolUse hook for your own Claude Code: asks where a worker's call would be asked about, denies what is always denied, and leaves the rest to Claude Code",
      ),
    deps,
  ).action(async (_options: unknown, self: Command) => {
    await deps.hook(flagsOf(self, deps));
    finish(0);
  });
  examples(command, [
    'hook < call.json',
    'what Claude Code starts; docs/safety.md has the lines for its settings',
  ]);
};
