import type { Word, WordPart } from 'unbash';
import { DYNAMIC, GLOB, HOME, SPLIT } from '../../markers.ts';

/** Values of shell variables as far as the text tells; absent means unknown. */
export type Variables = ReadonlyMap<string, string>;

const MOST_WORDS = 64;

/** Decoded escapes (`$'\x00'`) must not pass for markers. */
const clean = (value: string): string => value.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/gu, '\ufffd');

const variable = (name: string, vars: Variables, quoted: boolean): string => {
  const value = vars.get(name);
  if (value === undefined) return DYNAMIC;
  // Unquoted, a value falls apart into words.
  return quoted ? value : value.replaceAll(/[ \t\n]+/gu, SPLIT).replaceAll(/[*?[]/gu, GLOB);
};

const braces = (text: string): readonly string[] => {
  const body = text.slice(1, -1);
  if (/[{}$`'"\\]/u.test(body) || !body.includes(',')) return [DYNAMIC];
  return body.split(',');
};

const partValues = (part: WordPart, vars: Variables, quoted: boolean): readonly string[] => {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [clean(part.value)];
    case 'Glob':
    case 'ExtendedGlob':
      return [quoted && part.type === 'Glob' ? part.text : GLOB];
    case 'DoubleQuoted':
    case 'LocaleString':
      return [part.parts.map((child) => partValues(child, vars, true).join('')).join('')];
    case 'SimpleExpansion':
      return [variable(part.text.slice(1), vars, quoted)];
    case 'ParameterExpansion': {
      const known = part.prefix === undefined && part.index === undefined;
      const plain =
        part.operation === undefined || (part.operation.type === 'Default' && vars.has(part.parameter));
      return [known && plain ? variable(part.parameter, vars, quoted) : DYNAMIC];
    }
    case 'BraceExpansion':
      return braces(part.text);
    default:
      return [DYNAMIC];
  }
};

/** Every word that one word of the source becomes: braces and unquoted variables can make several. */
export const expandWord = (word: Word, vars: Variables): readonly string[] => {
  const parts = word.parts ?? [];
  const tilde = /^~[\w.+-]*(?=\/|$)/u.test(word.text);
  if (parts.length === 0) return [tilde ? clean(word.value).replace(/^~[^/]*/u, HOME) : clean(word.value)];
  let values: readonly string[] = [''];
  for (const [at, part] of parts.entries()) {
    const next = partValues(part, vars, false);
    const [only] = values;
    // Words of thousands of parts stay one string.
    if (at > 0 && next.length === 1 && values.length === 1) {
      values = [`${only}${next[0]}`];
      continue;
    }
    if (values.length * next.length > MOST_WORDS) return [DYNAMIC];
    values = values.flatMap((head) =>
      next.map((tail) => head + (at === 0 && tilde ? tail.replace(/^~[^/]*/u, HOME) : tail)),
    );
  }
  const words = values.flatMap((value) =>
    value.includes(SPLIT) ? value.split(SPLIT).filter((w) => w !== '') : [value],
  );
  return words.length > MOST_WORDS ? [DYNAMIC] : words;
};

/** A word where the shell makes no several words of it: redirect targets, assigned values, here-strings. */
export const expandOne = (word: Word, vars: Variables): string => {
  const words = expandWord(word, vars);
  return words.length === 1 ? (words[0] ?? '') : words.length === 0 ? '' : words.join(' ');
};

export const heredocText = (
  body: { readonly text: string; readonly parts: readonly WordPart[] | undefined },
  vars: Variables,
): string =>
  body.parts === undefined
    ? body.text
    : body.parts.map((part) => partValues(part, vars, true).join('')).join('');
