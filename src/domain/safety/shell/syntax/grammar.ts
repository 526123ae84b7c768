import { parse } from 'unbash';
import type { ParsedShell, Problem } from '../command.ts';
import { ScriptWalk } from './walk.ts';

/** Longer than any command that a person would read before allowing it. UTF-16 code units. */
export const MOST_CHARACTERS = 64 * 1024;

/** Control characters that shells and terminals read differently, and characters that hide or reorder text. */
const FORBIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;
/** Each substitution is parsed by recursion; nobody writes hundreds by hand. */
const MOST_SUBSTITUTIONS = 500;
const SUBSTITUTION = /\$\(|[<>]\(|`/gu;
/** The parser looks through all that is pending for each one more. */
const MOST_HEREDOCS = 200;
const HEREDOC = /<</gu;
/** `${a:-${b:-…}}`: recursion as well. */
const NESTED_EXPANSION = /\$\{[^}$]{0,64}(?=\$\{)/gu;
const LONE_SURROGATE = /\p{Surrogate}/u;

const failed = (code: Problem['code'], text: string, span: string): ParsedShell => ({
  commands: [],
  problems: [{ code, text, span: span.slice(0, 200) }],
  recursive: [],
});

/**
 * A shell text as its simple commands, by the grammar of unbash: the only door to the parser. Whatever it
 * cannot read for certain is a problem, and a problem is HIGH for the judge. Never throws.
 */
export const parseShell = (source: string, cwd: string | undefined, depth: number): ParsedShell => {
  if (source.length > MOST_CHARACTERS) return failed('too-complex', 'it is longer than 64 kB', source);
  if (FORBIDDEN.test(source) || LONE_SURROGATE.test(source))
    return failed('unparsable', 'it holds control or hidden characters', source);
  if ((source.match(SUBSTITUTION)?.length ?? 0) > MOST_SUBSTITUTIONS)
    return failed('too-complex', `it holds more than ${MOST_SUBSTITUTIONS} substitutions`, source);
  if (
    (source.match(HEREDOC)?.length ?? 0) > MOST_HEREDOCS ||
    (source.match(NESTED_EXPANSION)?.length ?? 0) > MOST_HEREDOCS
  )
    return failed('too-complex', 'it holds too many heredocs or expansions', source);
  try {
    const walk = new ScriptWalk(source, cwd, depth);
    walk.start(parse(source));
    return walk.result();
  } catch {
    // The parser recurses: deep nesting ends in a RangeError.
    return failed('too-complex', 'it is nested too deeply to be read', source);
  }
};
