import { MOST_PATH } from '../../lexicalPath.ts';
import { isUncertain, SPLIT } from '../../markers.ts';
import type { SimpleCommand } from '../command.ts';
import { MOST_CHARACTERS } from '../syntax/grammar.ts';
import { SUBSCRIPT } from '../syntax/subscript.ts';

/** `cat /dev/null > file` has no other purpose; `: > file` also creates files and stays a write. */
export const emptiedByRedirect = ({ words: [name, ...args], redirects }: SimpleCommand): readonly string[] =>
  name === 'cat' && args.length > 0 && args.every((arg) => arg === '/dev/null')
    ? redirects.flatMap(({ access, target }) =>
        access === 'write' && !target.startsWith('/dev/') ? [target] : [],
      )
    : [];

/** `curl URL > file`: what is fetched goes to the file all the same. */
export const downloadedByRedirect = ({ words: [name = ''], redirects }: SimpleCommand): readonly string[] =>
  /(^|\/)(curl|wget|fetch|http|xh)$/u.test(name)
    ? redirects.flatMap(({ access, target }) => (access === 'write' ? [target] : []))
    : [];

const COMPUTES: ReadonlySet<string> = new Set(
  'test [ [[ printf unset read declare typeset local let export readonly'.split(' '),
);

/** `x='a[$(rm b)]'; ((x))` and `${x@P}`: the shell expands text a second time. */
export const expandsAgain = ({ words, assignments, span }: SimpleCommand): boolean =>
  assignments.some(({ value }) => SUBSCRIPT.test(value)) ||
  (COMPUTES.has(words[0] ?? '') && words.slice(1).some((word) => SUBSCRIPT.test(word))) ||
  (span.includes('@P}') && /\$\{[^}\n]{1,200}@P\}/u.test(span));

/** Latin letters next to those of scripts that look like them. */
const LOOK_ALIKE = /[a-z].*[\u0370-\u03ff\u0400-\u052f]|[\u0370-\u03ff\u0400-\u052f].*[a-z]/iu;

/** Nobody can say which program the word names. */
export const isUnreadableName = (word: string): boolean =>
  isUncertain(word) ||
  word === '' ||
  word.length > MOST_PATH ||
  /[\ufffd]/u.test(word) ||
  LOOK_ALIKE.test(word) ||
  word.includes(SPLIT);

/** Text by which names of commands may get another meaning than they have. */
export const renamesCommands = (text: string): boolean =>
  text.length <= MOST_CHARACTERS && /\(\s*\)|\b(function|alias|hash|enable|posix|PATH)\b/u.test(text);

/** Builtins that start no program, whatever stands before or behind them. */
const STARTS_NOTHING: ReadonlySet<string> = new Set(
  'echo printf : true false test [ read pwd type wait umask getopts return break continue'.split(' '),
);

/**
 * A builtin starts no program that could see what its prefix sets. What a prompt expands is the shell's own.
 * @param renames whether some text gives names of commands another meaning
 */
export const assignsToNobody = (
  { words: [name = ''], assignments, span }: SimpleCommand,
  depth: number,
  renames: boolean,
): boolean =>
  assignments.length > 0 &&
  STARTS_NOTHING.has(name) &&
  // In a shell that keeps to POSIX the variable outlives a special builtin.
  (name !== ':' || depth === 0) &&
  !renames &&
  !/\$\(|`|[<>]\(|\$\{[ |]/u.test(span) &&
  assignments.every((each) => !/^(PS[0-4]|PROMPT_COMMAND|IFS)$/u.test(each.name));
