import type { Effect } from '../effect.ts';
import type { ToolFacts } from '../facts.ts';
import { isInside, normalize, physical } from '../lexicalPath.ts';
import { DYNAMIC, HOME, isUncertain, knownPrefix } from '../markers.ts';
import type { ToolCall } from '../verdict.ts';
import { globMatches, staticPrefix } from './glob.ts';
import type { PolicyRule } from './schema.ts';

/** One thing that a call does, with what the judge made of it. */
export type Part = { readonly effect: Effect; readonly code: string };

/**
 * How sure a rule must be. What loosens applies only to what is known and fits word for word; what tightens
 * applies to all that could be meant.
 */
export type Sense = 'loosens' | 'tightens';

/**
 * `git -C x push` begins with [git, push] for a rule that tightens: options, and a value each, are passed over.
 * All ways of reading the words are followed at once.
 */
const prefixFits = (prefix: readonly string[], words: readonly string[]): boolean => {
  const states = Array.from({ length: words.length + 3 }, () => new Set<number>());
  states[0]?.add(0);
  for (const [at, word] of [...words, ''].entries())
    for (const matched of states[at] ?? []) {
      const wanted = prefix[matched];
      if (wanted === undefined) return true;
      if (word === wanted || isUncertain(word)) states[at + 1]?.add(matched + 1);
      if (!word.startsWith('-')) continue;
      states[at + 1]?.add(matched);
      states[at + 2]?.add(matched);
    }
  return false;
};

/** As much of a command as a rule looks at. */
const MOST_WORDS = 60;

const argvFits = (prefix: readonly string[], argv: readonly string[] | undefined, sense: Sense): boolean => {
  if (argv === undefined) return false;
  if (sense === 'loosens') return prefix.every((word, at) => argv[at] === word);
  const [program = '', ...words] = prefix;
  const [given = '', ...rest] = argv.slice(0, MOST_WORDS);
  const name = given.slice(given.lastIndexOf('/') + 1).toLowerCase();
  return (given === program || name === program.toLowerCase()) && prefixFits(words, rest);
};

const anchored = (pattern: string, facts: ToolFacts): string => {
  if (pattern.startsWith('~/')) return `${facts.home ?? HOME}${pattern.slice(1)}`;
  return pattern.startsWith('/') ? pattern : `${facts.worktree}/${pattern}`;
};

const pathFits = (pattern: string, effect: Effect, facts: ToolFacts, sense: Sense): boolean => {
  if (effect.type !== 'path') return false;
  const prefix = knownPrefix(effect.path);
  const home = (path: string): string =>
    path.startsWith(HOME) && facts.home !== undefined ? `${facts.home}${path.slice(HOME.length)}` : path;
  const lexical = home(normalize(prefix));
  const real = home(prefix.startsWith(HOME) ? lexical : (physical(prefix, facts.realPaths) ?? lexical));
  const whole = anchored(pattern, facts);
  if (sense === 'tightens') {
    if (!isUncertain(effect.path)) return globMatches(whole, lexical) || globMatches(whole, real);
    const start = staticPrefix(whole);
    return prefix === '' || [lexical, real].some((path) => isInside(path, start) || isInside(start, path));
  }
  const rest = effect.path.slice(prefix.length);
  if (prefix === '' || rest.includes(DYNAMIC) || rest.includes('..')) return false;
  const inner = isUncertain(effect.path) ? '/x' : '';
  return globMatches(whole, lexical + inner) && globMatches(whole, real + inner);
};

/** Hosts that an effect names: its own, or those of addresses among the words of its command. */
export const hostsOf = (effect: Effect): readonly string[] => [
  ...(effect.host === undefined ? [] : [effect.host]),
  ...(effect.argv === undefined ? [] : namedHosts(effect.argv)),
];

/** All effects of one command share its words: they are read once. */
const HOSTS = new WeakMap<readonly string[], readonly string[]>();

const namedHosts = (argv: readonly string[]): readonly string[] => {
  const known = HOSTS.get(argv);
  if (known !== undefined) return known;
  const found = argv.flatMap((word) =>
    word.includes('://')
      ? [...word.matchAll(/[a-z][a-z0-9+.-]{0,20}:\/\/(?:[^/@\s]*@)?(\[[^\]]*\]|[^/:\s?#]+)/giu)].flatMap(
          ([, host]) => host?.toLowerCase() ?? [],
        )
      : [],
  );
  HOSTS.set(argv, found);
  return found;
};

const hostFits = (pattern: string, effect: Effect): boolean =>
  hostsOf(effect).some((host) => globMatches(pattern.toLowerCase(), host));

/** Does all that the rule asks for hold of this one thing that the call does? */
export const ruleMatches = (
  { match }: PolicyRule,
  part: Part,
  call: ToolCall,
  facts: ToolFacts,
  sense: Sense,
): boolean =>
  (match.tool === undefined || globMatches(match.tool, call.tool)) &&
  (match.code === undefined || match.code === part.code) &&
  (match.argv === undefined || argvFits(match.argv, part.effect.argv, sense)) &&
  (match.path === undefined || pathFits(match.path, part.effect, facts, sense)) &&
  (match.host === undefined || hostFits(match.host, part.effect));
