import type { Word, WordPart } from 'unbash';
import { DYNAMIC, isUncertain } from '../../markers.ts';
import { expandWord, type Variables } from './word.ts';

/** Names that every environment gives to a program of that kind, with one that stands for it. */
const CUSTOM: Readonly<Record<string, string>> = {
  EDITOR: 'vi',
  VISUAL: 'vi',
  PAGER: 'less',
  SHELL: 'sh',
  CC: 'cc',
  CXX: 'c++',
  MAKE: 'make',
  CARGO: 'cargo',
  PYTHON: 'python3',
  NODE: 'node',
  NPM: 'npm',
};

/** Of a longer text nothing is taken for granted; UTF-16 code units. */
const MOST_SOURCE = 2_048;

/** Ways by which a text can give a variable or a command another meaning than it seems to have. */
const MACHINERY =
  /\(\s*\)|\b(function|alias|eval|source|declare|typeset|local|export|readonly|read|mapfile|readarray|printf|getopts|let|unset|enable|hash|PATH|env)\b|(^|[;&|\s({])\.\s|\$\(\(|\(\(|\$\{!/u;

/** True where the text names the variable nowhere but to read it: its value is that of the environment. */
const untouched = (source: string, name: string): boolean =>
  [...source.matchAll(new RegExp(`(\\$\\{?)?\\b${name}\\b(:?=)?`, 'gu'))].every(
    ([, reads, assigns]) => reads !== undefined && (assigns === undefined || reads === '$'),
  );

/** Substitutions that print a folder, or the name they were asked for. */
const FOLDERS =
  /^(npm bin|yarn bin|pnpm bin|npm root|git rev-parse --show-toplevel|pwd( -[LP])?|dirname ("\$0"|\$0|"\$\{BASH_SOURCE\[0\]\}"))$/u;
const PRINTS_NAME = /^(?:which|command -v|type -[pP])\s+([\w.+-]+)$/u;

const substituted = (text: string): string | undefined => {
  const inner = /^(?:\$\(|`)\s*([\s\S]*?)\s*(?:\)|`)$/u.exec(text)?.[1] ?? '';
  return FOLDERS.test(inner) ? './known' : PRINTS_NAME.exec(inner)?.[1];
};

const partText = (part: WordPart, vars: Variables, source: string): string | undefined => {
  switch (part.type) {
    case 'DoubleQuoted': {
      const parts = part.parts.map((child) => partText(child, vars, source));
      return parts.some((each) => each === undefined) ? undefined : parts.join('');
    }
    case 'CommandExpansion':
      return substituted(part.text);
    case 'SimpleExpansion': {
      const name = part.text.slice(1);
      return !vars.has(name) && Object.hasOwn(CUSTOM, name) && untouched(source, name)
        ? CUSTOM[name]
        : vars.get(name);
    }
    case 'ParameterExpansion': {
      const { operation, parameter } = part;
      if (part.prefix !== undefined || part.index !== undefined || vars.has(parameter)) return undefined;
      if (!untouched(source, parameter)) return undefined;
      if (operation === undefined) return Object.hasOwn(CUSTOM, parameter) ? CUSTOM[parameter] : undefined;
      return operation.type === 'Default' && /^:?-$/u.test(operation.operator)
        ? expandWord(operation.operand, vars).join(' ')
        : undefined;
    }
    case 'Literal':
    case 'SingleQuoted':
      return part.value;
    default:
      return undefined;
  }
};

/** `"$x/run.sh"`: one word, whatever `x` is, and its last part says which program. */
const named = (word: Word, vars: Variables): string | undefined => {
  const [only, ...more] = word.parts ?? [];
  if (only?.type !== 'DoubleQuoted' || more.length > 0) return undefined;
  const name = /\/([\w.+-]*\w[\w.+-]*)$/u.exec(expandWord(word, vars).join(''))?.[1];
  return name === undefined || /^\.+$/u.test(name) ? undefined : `./known/${name}`;
};

/**
 * The program that a command word means where it is not literal, as far as the text and the customs of an
 * environment tell: `$EDITOR`, `${CARGO:-cargo}`, `$(npm bin)/tsc`. Undefined where they don't: then it stays
 * unknown.
 * @param source the whole text that a tool call runs, never one within it: an outer one may set its variables.
 */
export const customaryName = (word: Word, vars: Variables, source: string): string | undefined => {
  if (source.length > MOST_SOURCE || MACHINERY.test(source)) return undefined;
  const parts = (word.parts ?? []).map((part) => partText(part, vars, source));
  const whole = parts.some((part) => part === undefined) ? named(word, vars) : parts.join('');
  return whole === undefined ||
    whole === '' ||
    isUncertain(whole) ||
    /[\s\u0001\u0002]/u.test(whole) ||
    whole.includes(DYNAMIC)
    ? undefined
    : whole;
};
