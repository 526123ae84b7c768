import { type ClientChange, SERVER_NAME } from '../../application/clients.ts';
import { type Painter, printable } from './terminal.ts';

const SAYS = {
  add: `add ${SERVER_NAME}`,
  replace: `replace ${SERVER_NAME}`,
  remove: `remove ${SERVER_NAME}`,
  none: 'nothing to change',
} as const;

/**
 * The change as lines for a person: our entry as it is and as it will be. The file's own lines are not shown:
 * others' keys stand in them, in some clients the whole file is one line.
 */
export const renderChange = (change: ClientChange, paint: Painter): string => {
  const head = `${paint('bold', change.title)}: ${SAYS[change.action]}\n  ${printable(change.file)}\n`;
  if (change.action === 'none') return head;
  const { before, after } = change.entry;
  return [
    `${head}  ${paint('cyan', `@@ line ${firstChangedLine(change)} @@`)}`,
    ...linesOf(before).map((text) => paint('red', `  -${printable(text)}`)),
    ...linesOf(after).map((text) => paint('green', `  +${printable(text)}`)),
    ...change.commands.map((command) => `  runs: ${printable(commandText(command))}`),
    '',
  ].join('\n');
};

/** The first line that the edit touches, counted from 1. */
export const firstChangedLine = ({ before, after }: Pick<ClientChange, 'before' | 'after'>): number => {
  const old = before.split('\n');
  const now = after.split('\n');
  const differs = now.findIndex((line, index) => line !== old[index]);
  return differs < 0 ? now.length : differs + 1;
};

/** The entry with secrets left out, for people and programs. */
export const withoutSecrets = (entry: unknown): unknown =>
  entry === undefined
    ? undefined
    : JSON.parse(
        JSON.stringify(entry, (key, value) => {
          if (typeof value === 'bigint') return Number(value);
          return typeof value === 'string' && SECRET.test(key) ? '(not shown)' : value;
        }),
      );

/** A command as one would type it; the entry stands above. */
export const commandText = (command: readonly string[]): string =>
  command.map((argument) => (argument.startsWith('{') ? '<entry>' : shown(argument))).join(' ');

const SECRET = /key|token|secret|password|auth/i;

const linesOf = (entry: unknown): readonly string[] =>
  entry === undefined
    ? []
    : `${JSON.stringify(SERVER_NAME)}: ${JSON.stringify(withoutSecrets(entry), null, 2)}`.split('\n');

const shown = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
