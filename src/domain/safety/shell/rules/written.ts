import type { SimpleCommand } from '../command.ts';
import { has, scanOptions } from '../options.ts';
import { outputOf } from './stdinText.ts';

/** Programs whose output is other text than what they were given. */
const DECODES =
  /^(base(64|32|nc)|g?zcat|gunzip|gzip|bzcat|bunzip2|bzip2|xzcat|unxz|xz|zstd(cat)?|unzstd|lz4|xxd|uudecode|openssl|gpg|age|curl|wget|fetch|https?|xh)$/u;
const MOST_PIPES = 8;

type Source = Pick<SimpleCommand, 'words' | 'stdin'>;

const nameOf = (words: readonly string[]): string => {
  const [word = ''] = words[0] === 'command' || words[0] === 'builtin' ? words.slice(1) : words;
  return word.slice(word.lastIndexOf('/') + 1);
};

/**
 * What a command prints, for files that are made of it: its text, or that it makes one out of data which no
 * rule reads. Undefined where neither is so: a compiler, a copy.
 */
export const contentOf = (source: Source, pipes = 0): { readonly text: string | undefined } | undefined => {
  const name = nameOf(source.words);
  if (name === '' || name === ':' || name === 'true') return { text: '' };
  const text = outputOf(source);
  if (text !== undefined) return { text };
  if (DECODES.test(name) || name === 'echo' || name === 'printf' || pipes > MOST_PIPES)
    return { text: undefined };
  const { stdin, words } = source;
  const fed =
    stdin.kind === 'text'
      ? { text: stdin.text }
      : stdin.kind === 'pipe' && stdin.from !== undefined
        ? contentOf(stdin.from, pipes + 1)
        : undefined;
  if (fed === undefined) return undefined;
  const passes =
    ['tee', 'sponge', 'dd'].includes(name) ||
    (['cp', 'install'].includes(name) && words.includes('/dev/stdin')) ||
    (name === 'cat' && words.slice(1).every((word) => word === '-'));
  return passes ? fed : { text: undefined };
};

/** Files that a command makes by its operands of what it is given. */
export const outputsOf = (
  name: string,
  args: readonly string[],
): readonly { readonly path: string; readonly appends: boolean }[] => {
  const scan = scanOptions(args, { values: 'm o g mode owner group' });
  if (name === 'tee' || name === 'sponge')
    return scanOptions(args).operands.map((path) => ({ path, appends: has(scan, 'a', 'append') }));
  if (name === 'dd')
    return args.flatMap((arg) => (arg.startsWith('of=') ? [{ path: arg.slice(3), appends: false }] : []));
  const [from, to, ...more] = scan.operands;
  return ['cp', 'install'].includes(name) && from === '/dev/stdin' && to !== undefined && more.length === 0
    ? [{ path: to, appends: false }]
    : [];
};

/** One file under another name or in another place. */
export const copiesOf = (
  name: string,
  args: readonly string[],
): readonly { readonly from: string; readonly to: string }[] => {
  if (!['cp', 'mv', 'ln', 'install'].includes(name)) return [];
  const [from, to, ...more] = scanOptions(args, { values: 'm o g mode owner group' }).operands;
  if (from === undefined || to === undefined || more.length > 0) return [];
  return [
    { from, to },
    { from, to: `${to}/${from.slice(from.lastIndexOf('/') + 1)}` },
  ];
};
