import type { For, Select } from 'unbash';
import { isDynamic } from '../../markers.ts';
import type { Variables } from './word.ts';
import { expandWord } from './word.ts';

/** Words of one loop, and of all loops together, that are followed through the body. */
const MOST_WORDS = 32;
const MOST_PASSES = 128;
/** Words that may lead out of the worktree, to what is protected there, or are options. */
const LEADS = /^[/\u0001-]|\.\.|\.git|\.claude|\.mcp|[^\u0000-\u007f]/iu;

/**
 * The literal words of a loop's list that its body is followed with: those that may lead somewhere first. A word
 * may lead where no unknown one does.
 * @param passes how often bodies were followed before
 * @returns undefined where there are too many of them
 */
export const loopWords = (
  node: For | Select,
  vars: Variables,
  passes: number,
): readonly string[] | undefined => {
  const words = [...new Set((node.wordlist ?? []).flatMap((word) => expandWord(word, vars)))].filter(
    (word) => !isDynamic(word),
  );
  const leading = words.filter((word) => LEADS.test(word));
  const rest = words.filter((word) => !LEADS.test(word));
  if (leading.length > MOST_WORDS || (leading.length > 0 && passes + leading.length > MOST_PASSES))
    return undefined;
  const taken = [...leading, ...rest.slice(0, Math.max(0, MOST_WORDS - leading.length))];
  return taken.slice(0, Math.max(0, MOST_PASSES - passes));
};
