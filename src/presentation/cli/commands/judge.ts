import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { ConfigurationError, ERROR_CODES } from '../../../domain/errors/index.ts';
import { examples, type Finish, flagsOf, optionsOf, PROGRAM, withPolicy } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { judgeLine } from '../policy/judgeLine.ts';
import { lineGroups } from '../policy/lines.ts';
import type { SafetyDeps } from '../policy/safetyDeps.ts';
import { harmlessJson } from '../terminal.ts';

const optionsSchema = z.object({
  jsonl: z.boolean().default(false),
  cwd: z.string().optional(),
  asWorktree: z.boolean().default(false),
});

/** Lines that are judged at the same time; what they look up is shared, and anew for the next. */
const BATCH = 512;

/** Adds `judge`: a line of JSON in, a line of JSON out. */
export const registerJudge = (program: Command, deps: CliDeps & SafetyDeps, finish: Finish): void => {
  const command = withPolicy(
    program
      .command('judge')
      .description('judge commands from standard input, one JSON object a line, and run none of them'),
    deps,
  )
    .option('--jsonl', '{"command": …} or {"tool": …, "input": …} in, {command, risk, decision, reasons} out')
    .option('--cwd <folder>', 'where the commands would run (default: the current folder)')
    .option(
      '--as-worktree',
      "the folder is a task's worktree: what git does not know there is the task's own",
    )
    .action(async (_options: unknown, self: Command) => {
      const o = optionsOf(self, optionsSchema);
      if (!o.jsonl) {
        throw new ConfigurationError('`judge` reads lines of JSON alone.', {
          hint: `Add --jsonl, or ask about one command: \`${PROGRAM} policy explain '<command>'\`.`,
        });
      }
      const folder = resolve(deps.folder(), o.cwd ?? '.');
      const { batch } = await deps.safety.open({ folder, asWorktree: o.asWorktree }, flagsOf(self, deps));
      let line = 0;
      let good = true;
      for await (const group of lineGroups(deps.stdinParts())) {
        for (let from = 0; from < group.length; from += BATCH) {
          const judge = await batch();
          const answers = await Promise.all(
            group.slice(from, from + BATCH).map((input, at) => judgeLine(input, line + at + 1, judge)),
          );
          line += answers.length;
          const told = answers.flatMap((answer) => answer ?? []);
          good &&= told.every((answer) => answer.good);
          await deps.writeOut(told.map(({ answer }) => `${harmlessJson(JSON.stringify(answer))}\n`).join(''));
        }
      }
      finish(good ? 0 : ERROR_CODES.TASK_VALIDATION.exit);
    });
  examples(
    command,
    ['judge --jsonl < commands.jsonl', 'a risk for each'],
    ['judge --jsonl --cwd ~/project', 'as if they ran there; stays open as long as lines come'],
  );
};
