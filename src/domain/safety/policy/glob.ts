/**
 * One step of a pattern. `open` and `inside` together are the folders of a `**` between separators: none, or any
 * that end in one. `tail` is a `**` at the end: nothing, or a separator and all that follows.
 */
type Step =
  | { readonly is: 'character'; readonly value: string }
  | { readonly is: 'one' | 'part' | 'all' | 'open' | 'inside' | 'tail' };

const FOLDERS: readonly Step[] = [{ is: 'open' }, { is: 'inside' }];

const stepsOf = (pattern: string): readonly Step[] =>
  pattern.split(/((?<=\/|^)\*\*\/|\/\*\*$|\*+|\?)/u).flatMap((part): readonly Step[] => {
    if (part === '**/') return FOLDERS;
    if (part === '/**') return [{ is: 'tail' }, { is: 'all' }];
    if (/^\*{2,}$/u.test(part)) return [{ is: 'all' }];
    if (part === '*') return [{ is: 'part' }];
    if (part === '?') return [{ is: 'one' }];
    return [...part].map((value) => ({ is: 'character', value }));
  });

/** Steps that can be next without another character, this one's own included. */
const reach = (steps: readonly Step[], at: number, into: Set<number>): void => {
  if (into.has(at)) return;
  into.add(at);
  const is = steps[at]?.is;
  if (is === 'part' || is === 'all') reach(steps, at + 1, into);
  if (is === 'open') {
    reach(steps, at + 1, into);
    reach(steps, at + 2, into);
  }
  if (is === 'tail') reach(steps, at + 2, into);
};

const advance = (steps: readonly Step[], at: number, character: string, into: Set<number>): void => {
  const step = steps[at];
  if (step === undefined) return;
  const slash = character === '/';
  if (step.is === 'character' && step.value === character) reach(steps, at + 1, into);
  if (step.is === 'one' && !slash) reach(steps, at + 1, into);
  if (step.is === 'all' || (step.is === 'part' && !slash)) reach(steps, at, into);
  if (step.is === 'inside') {
    reach(steps, at, into);
    if (slash) reach(steps, at + 1, into);
  }
  if (step.is === 'tail' && slash) reach(steps, at + 1, into);
};

/** Patterns are few and short, calls are many. */
const known = new Map<string, readonly Step[]>();
const MOST_KNOWN = 2_000;

/**
 * Does the name fit? `*` is any part of one name, `**` goes over folders (`a/**` is `a` and all below), `?` is one
 * character, all else is itself. All ways are followed at once, so that no name takes long.
 */
export const globMatches = (pattern: string, name: string): boolean => {
  let steps = known.get(pattern);
  if (steps === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    steps = stepsOf(pattern);
    known.set(pattern, steps);
  }
  let states = new Set<number>();
  reach(steps, 0, states);
  for (const character of name) {
    const next = new Set<number>();
    for (const at of states) advance(steps, at, character, next);
    if (next.size === 0) return false;
    states = next;
  }
  return states.has(steps.length);
};

/** The whole folders before the first wildcard. */
export const staticPrefix = (pattern: string): string => {
  const at = pattern.search(/[*?]/u);
  return at === -1 ? pattern : pattern.slice(0, pattern.lastIndexOf('/', at) + 1).replace(/(?<=.)\/$/u, '');
};
