import type { Command } from 'commander';
import { ERROR_CODES } from '../../domain/errors/index.ts';
import type { SettingFlag } from './deps.ts';
import { buildProgram, type ProgramDeps } from './program.ts';

const refuse = (): never => {
  throw new Error('the reference runs no command');
};

/** Enough to describe every command, and to run none. */
const describing = (settings: readonly SettingFlag[]): ProgramDeps => ({
  version: '0.0.0',
  settings,
  stdout: refuse,
  stderr: refuse,
  color: { stdout: false, stderr: false },
  confirm: undefined,
  onFault: refuse,
  screen: undefined,
  now: refuse,
  onInterrupt: refuse,
  folder: refuse,
  topLevel: refuse,
  stdin: refuse,
  connect: refuse,
  running: refuse,
  serve: refuse,
  stop: refuse,
  mcp: refuse,
  open: undefined,
  explain: refuse,
  doctor: refuse,
  audit: { verify: refuse, export: refuse },
  clean: { kept: refuse, remove: refuse },
  clients: refuse,
  prompts: undefined,
  secrets: undefined,
  passphrase: refuse,
  elicitation: refuse,
  choose: refuse,
  keyClients: { withKey: refuse, person: refuse },
  deciders: { withKey: refuse, person: refuse },
  safety: { check: refuse, open: refuse },
  stdinParts: refuse,
  writeOut: refuse,
  hook: refuse,
});

/** Settings stand in a document of their own: here only those are shown by which a server is found. */
const settingsNote = (all: readonly SettingFlag[], command: Command): string | undefined => {
  const flags = new Set(all.map(({ flag }) => flag));
  const given = command.options.filter(({ long }) => long !== undefined && long !== null && flags.has(long));
  if (given.length === all.length)
    return 'Every setting of [configuration.md](configuration.md) is a flag here, too.';
  const own = given.filter(({ helpGroupHeading }) => helpGroupHeading !== undefined);
  return own.length === 0
    ? undefined
    : `Settings: ${own.map(({ long }) => `\`${long}\``).join(', ')} ([configuration.md](configuration.md)).`;
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const table = (rows: readonly (readonly [string, string])[]): readonly string[] =>
  rows.length === 0
    ? []
    : ['| | |', '|---|---|', ...rows.map(([term, text]) => `| \`${cell(term)}\` | ${cell(text)} |`), ''];

const leaves = (command: Command, path: string): readonly (readonly [Command, string])[] => {
  const inner = command.createHelp().visibleCommands(command);
  const name = `${path} ${command.name()}`.trim();
  return inner.length === 0 ? [[command, name]] : inner.flatMap((one) => leaves(one, name));
};

/** What stands behind the options in a command's help: examples and more, already in shape. */
const helpAfter = (command: Command): string => {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  const from = text.indexOf('\nExamples:\n');
  return from === -1 ? '' : text.slice(from + 1).trim();
};

const section = (
  settings: readonly SettingFlag[],
  [command, name]: readonly [Command, string],
): readonly string[] => {
  const help = command.createHelp();
  const options = help
    .visibleOptions(command)
    .filter(({ helpGroupHeading, long }) => helpGroupHeading === undefined && long !== '--help');
  const note = settingsNote(settings, command);
  const after = helpAfter(command);
  return [
    `## ${name}`,
    '',
    `\`${name.trim()} ${command.usage()}\``,
    '',
    `${command.description()}.`,
    '',
    ...table([
      ...help
        .visibleArguments(command)
        .map((argument) => [help.argumentTerm(argument), help.argumentDescription(argument)] as const),
      ...options.map((option) => [help.optionTerm(option), help.optionDescription(option)] as const),
    ]),
    ...(note === undefined ? [] : [note, '']),
    ...(after === '' ? [] : ['```', after, '```', '']),
  ];
};

const exitRows = (): readonly (readonly [string, string])[] => {
  const byExit = new Map<number, string[]>();
  for (const [code, { exit }] of Object.entries(ERROR_CODES))
    byExit.set(exit, [...(byExit.get(exit) ?? []), code]);
  return [
    ['0', 'done; for `run` and `watch`: the job succeeded'],
    ...[...byExit]
      .sort(([a], [b]) => a - b)
      .map(
        ([exit, codes]) =>
          [
            String(exit),
            `${exit === 1 ? '`run`, `watch`: the job failed or was cancelled; ' : ''}${codes.join(', ')}`,
          ] as const,
      ),
    ['130', 'left by Ctrl-C; the job goes on'],
  ];
};

/** docs/cli.md: every command as it describes itself. @param settings those that are flags */
export const cliReference = (settings: readonly SettingFlag[]): string => {
  const program = buildProgram(describing(settings), refuse);
  return [
    '# The command line',
    '',
    'Made from the commands themselves: `node scripts/cli-reference.ts` after a change.',
    '',
    'A job is named by its id, by a beginning that no other id has, or by `latest`. `--json` prints one document, a stream one object a line; errors are then one JSON object on stderr. Results go to stdout, everything else to stderr. `NO_COLOR` and `FORCE_COLOR` are obeyed; on a pipe or with `TERM=dumb` nothing is coloured and nothing is redrawn.',
    '',
    '## Exit codes',
    '',
    ...table(exitRows()),
    ...leaves(program, '').flatMap((leaf) => section(settings, leaf)),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
};
