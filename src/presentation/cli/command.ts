import { type Command, Option } from 'commander';
import { z } from 'zod';
import { ConfigurationError } from '../../domain/errors/index.ts';
import type { CliDeps, FlagValues, Output } from './deps.ts';
import { harmlessJson } from './terminal.ts';

/** What the commands share: their flags, their examples, their JSON. */

export const PROGRAM = 'claude-orchestrator';

/** Hears the exit code of the command that ran. */
export type Finish = (exitCode: number) => void;

export const JSON_OPTION = ['--json', 'print JSON'] as const;

/** The settings by which a command finds its server; what the server does with the rest is the server's. */
const CONNECTION = new Set(['stateDir', 'url']);

const addSettings = (command: Command, deps: Pick<CliDeps, 'settings'>, wanted: (key: string) => boolean) => {
  for (const { key, flag, form, description } of deps.settings) {
    if (!wanted(key)) continue;
    command.addOption(
      new Option(`${flag} <value>`, `${description} (${form})`).helpGroup(
        'Settings (the environment and files are stronger):',
      ),
    );
  }
  return command;
};

/** Every setting as a flag, the weakest source after the defaults. */
export const withSettings = (command: Command, deps: Pick<CliDeps, 'settings'>): Command =>
  addSettings(command, deps, () => true);

/** For commands that talk to a server: which one, and `--json`. */
export const withServer = (command: Command, deps: Pick<CliDeps, 'settings'>): Command =>
  addSettings(command.option(...JSON_OPTION), deps, (key) => CONNECTION.has(key));

const textsSchema = z.record(z.string(), z.unknown()).transform((all) => {
  const texts = Object.entries(all).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value] as const] : [],
  );
  return new Map(texts);
});

/** For commands that work on this machine alone: where its server keeps its state. */
export const withStateDir = (command: Command, deps: Pick<CliDeps, 'settings'>): Command =>
  addSettings(command, deps, (key) => key === 'stateDir');

/** For commands that judge calls on this machine: its policy, and where its server keeps what no call may touch. */
export const withPolicy = (command: Command, deps: Pick<CliDeps, 'settings'>): Command =>
  addSettings(command, deps, (key) => key === 'stateDir' || key === 'policy');

/** The settings that were given as flags. */
export const flagsOf = (command: Command, deps: Pick<CliDeps, 'settings'>): FlagValues => {
  const texts = textsSchema.parse(command.opts());
  return Object.fromEntries(
    deps.settings.flatMap(({ key }) => {
      const value = texts.get(key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
};

/** The same for a command of `withServer`: its own options may have a setting's name. */
export const serverFlags = (command: Command, deps: Pick<CliDeps, 'settings'>): FlagValues =>
  Object.fromEntries(Object.entries(flagsOf(command, deps)).filter(([key]) => CONNECTION.has(key)));

export const jsonFlag = (command: Command): boolean =>
  z.object({ json: z.boolean().default(false) }).parse(command.opts()).json;

const dashed = (key: string): string =>
  `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * The options as the command wants them.
 * @throws ConfigurationError naming the flags that are wrong.
 */
export const optionsOf = <S extends z.ZodType>(command: Command, schema: S): z.output<S> => {
  const parsed = schema.safeParse(command.opts());
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${dashed(String(path[0] ?? ''))}: ${message}`,
  );
  throw new ConfigurationError(`${problems.join('; ')}.`, {
    hint: `See \`${PROGRAM} ${command.name()} --help\`.`,
  });
};

/** For options that may be given more than once. */
export const collect = (value: string, previous: readonly string[] = []): readonly string[] => [
  ...previous,
  value,
];

/** Shows under the help what one would type. Each line: the arguments, and what they are for. */
export const examples = (command: Command, ...lines: readonly (readonly [string, string])[]): Command => {
  const width = Math.max(...lines.map(([line]) => line.length));
  const text = lines.map(([line, why]) => `  $ ${PROGRAM} ${line.padEnd(width)}  # ${why}`);
  return command.addHelpText('after', ['', 'Examples:', ...text].join('\n'));
};

/** One document on stdout, for programs. */
export const printJson = (output: Pick<Output, 'stdout'>, value: unknown): void =>
  output.stdout(`${harmlessJson(JSON.stringify(value, null, 2))}\n`);

/** One object of a stream, on a line of its own. */
export const printJsonLine = (output: Pick<Output, 'stdout'>, value: unknown): void =>
  output.stdout(`${harmlessJson(JSON.stringify(value))}\n`);
