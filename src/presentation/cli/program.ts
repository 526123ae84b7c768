import { Command, Option } from 'commander';
import { z } from 'zod';
import { runClean } from './clean.ts';
import type { CliDeps, FlagValues } from './deps.ts';
import { doctorExit, doctorJson, renderDoctor } from './doctor.ts';
import { explainExit, explanationJson, renderExplanation, renderProblems } from './explain.ts';
import { painter } from './terminal.ts';

const optionsSchema = z.object({
  json: z.boolean().default(false),
  yes: z.boolean().default(false),
  inProcess: z.boolean().default(false),
});
const textSchema = z.record(z.string(), z.unknown()).transform((all) => {
  const texts = Object.entries(all).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value] as const] : [],
  );
  return new Map(texts);
});

const JSON_OPTION = ['--json', 'print JSON'] as const;

/**
 * The command line. Each command takes every setting as a flag, the weakest source after the defaults.
 * @param finish hears the exit code of the command that ran. Errors are thrown out of `parseAsync`; nothing here
 * ends the process.
 */
export const buildProgram = (deps: CliDeps, finish: (exitCode: number) => void): Command => {
  const program = new Command('claude-orchestrator')
    .description('Runs many Claude Code workers on one git repository, over MCP.')
    .version(deps.version, '--version', 'print the version')
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: deps.stdout,
      writeErr: deps.stderr,
      // Errors are rendered in one place, with their hint and code.
      outputError: () => {},
      getOutHasColors: () => deps.color.stdout,
      getErrHasColors: () => deps.color.stderr,
    });

  const withSettings = (command: Command): Command => {
    for (const { flag, form, description } of deps.settings) {
      command.addOption(
        new Option(`${flag} <value>`, `${description} (${form})`).helpGroup(
          'Settings (the environment and files are stronger):',
        ),
      );
    }
    return command;
  };
  const read = (command: Command) => ({ ...optionsSchema.parse(command.opts()), flags: flagsOf(command) });
  const flagsOf = (command: Command): FlagValues => {
    const texts = textSchema.parse(command.opts());
    return Object.fromEntries(
      deps.settings.flatMap(({ key }) => {
        const value = texts.get(key);
        return value === undefined ? [] : [[key, value] as const];
      }),
    );
  };

  withSettings(program.command('mcp').description('serve MCP over stdio'))
    .option('--in-process', 'run everything in this process, which ends with its client')
    .action(async (_options: unknown, command: Command) => {
      const { inProcess, flags } = read(command);
      await deps.mcp({ inProcess, flags });
      finish(0);
    });

  const config = program.command('config').description('look at the configuration').helpCommand(false);
  withSettings(config.command('explain').description('show every setting, its value and where it comes from'))
    .option(...JSON_OPTION)
    .action(async (_options: unknown, command: Command) => {
      const { json, flags } = read(command);
      const explanation = await deps.explain(flags);
      deps.stdout(
        json ? explanationJson(explanation) : renderExplanation(explanation, painter(deps.color.stdout)),
      );
      if (!json) deps.stderr(renderProblems(explanation.problems, painter(deps.color.stderr)));
      finish(explainExit(explanation));
    });

  withSettings(program.command('doctor').description('check what the server needs, and say how to mend it'))
    .option(...JSON_OPTION)
    .action(async (_options: unknown, command: Command) => {
      const { json, flags } = read(command);
      const checks = await deps.doctor(flags);
      deps.stdout(json ? doctorJson(checks) : renderDoctor(checks, painter(deps.color.stdout)));
      finish(doctorExit(checks));
    });

  withSettings(program.command('clean').description('list kept worktrees and remove them'))
    .option(...JSON_OPTION)
    .option('--yes', 'remove without asking')
    .action(async (_options: unknown, command: Command) => {
      finish(await runClean(deps, read(command)));
    });

  return program;
};
