import type { SimpleCommand } from '../command.ts';
import type { Invocation } from '../rule.ts';

const NAMED: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\' };

/** Escapes as printf and `echo -e` read them; one that makes a control character becomes no letter. */
const decoded = (text: string): string =>
  text.replaceAll(
    /\\(?:x([0-9a-fA-F]{1,2})|[uU]([0-9a-fA-F]{1,8})|0?([0-7]{1,3})|([nt\\]))/gu,
    (_all, hex?: string, wide?: string, octal?: string, letter?: string) => {
      if (letter !== undefined) return NAMED[letter] ?? '';
      const code = Number.parseInt(hex ?? wide ?? octal ?? '', octal === undefined ? 16 : 8);
      return code >= 32 && code <= 0xffff ? String.fromCharCode(code) : code === 10 ? '\n' : '\ufffd';
    },
  );

/** What a command prints, where the text shows it. */
export const outputOf = ({ words, stdin }: Pick<SimpleCommand, 'words' | 'stdin'>): string | undefined => {
  const [name, ...args] = words;
  if (name === 'echo') return decoded(args.filter((arg) => !/^-[neE]+$/u.test(arg)).join(' '));
  if (name === 'printf') {
    const [format = '', ...values] = args.filter((arg) => arg !== '--');
    // Directives other than these may make any character.
    if (/%(?![sbq%])/u.test(format)) return undefined;
    let at = 0;
    const filled = format.replaceAll(/%[sbq]/gu, () => values[at++] ?? '');
    return decoded([filled, ...values.slice(at)].join('\n').replaceAll('%%', '%'));
  }
  if (name === 'cat' && args.every((arg) => arg === '-') && stdin.kind === 'text') return stdin.text;
  return undefined;
};

/** What a command that prints literal text hands to the program after it in a pipe. */
export const printed = (call: Invocation): string | undefined => {
  if (call.stdin.kind === 'text') return call.stdin.text;
  return call.stdin.kind === 'pipe' && call.stdin.from !== undefined ? outputOf(call.stdin.from) : undefined;
};

/** The names of files that a program reads line by line from its standard input. */
export const listed = (call: Invocation): readonly string[] =>
  (printed(call) ?? '').split(/[\n\0]/u).filter((line) => line !== '');
