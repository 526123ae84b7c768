import type { Invocation } from '../rule.ts';

/** What a command that prints literal text hands to the program after it in a pipe. */
export const printed = (call: Invocation): string | undefined => {
  if (call.stdin.kind === 'text') return call.stdin.text;
  if (call.stdin.kind !== 'pipe' || call.stdin.from === undefined) return undefined;
  const { words, stdin } = call.stdin.from;
  const [name, ...args] = words;
  if (name === 'echo')
    return args
      .filter((arg) => !/^-[neE]+$/u.test(arg))
      .join(' ')
      .replaceAll('\\n', '\n');
  if (name === 'printf') return args.join('\n').replaceAll('%s', '').replaceAll('\\n', '\n');
  if (name === 'cat' && args.length === 0 && stdin.kind === 'text') return stdin.text;
  return undefined;
};

/** The names of files that a program reads line by line from its standard input. */
export const listed = (call: Invocation): readonly string[] =>
  (printed(call) ?? '').split(/[\n\0]/u).filter((line) => line !== '');
