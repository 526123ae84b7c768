import type { ClientChange } from '../../application/clients.ts';
import { type Painter, printable } from './terminal.ts';

type Changed = { readonly line: number; readonly gone: readonly string[]; readonly come: readonly string[] };

/** The lines between what is equal at both ends. All that setup and remove do is one edit in one place. */
export const changedLines = (before: string, after: string): Changed => {
  const old = linesOf(before);
  const now = linesOf(after);
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  return {
    line: head + 1,
    gone: old.slice(head, old.length - tail),
    come: now.slice(head, now.length - tail),
  };
};

const linesOf = (text: string): readonly string[] =>
  text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);

const SAYS = {
  add: 'add claude-orchestrator',
  replace: 'replace claude-orchestrator',
  remove: 'remove claude-orchestrator',
  none: 'nothing to change',
} as const;

/** The change as lines for a person: only those that change, since their neighbours may hold others' keys. */
export const renderChange = (change: ClientChange, paint: Painter): string => {
  const head = `${paint('bold', change.title)}: ${SAYS[change.action]}\n  ${printable(change.file)}\n`;
  if (change.action === 'none') return head;
  const { line, gone, come } = changedLines(change.before, change.after);
  return [
    `${head}  ${paint('cyan', `@@ line ${line} @@`)}`,
    ...gone.map((text) => paint('red', `  -${printable(text)}`)),
    ...come.map((text) => paint('green', `  +${printable(text)}`)),
    ...change.commands.map((command) => `  runs: ${printable(command.map(shown).join(' '))}`),
    '',
  ].join('\n');
};

/** An argument as one would type it. */
const shown = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
