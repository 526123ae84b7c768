/**
 * Verbs with which people ask for work, and how much work such a sentence usually is. The classes are our own
 * guess and order magnitudes only: the receipt puts them beside what really happened.
 */
export const ACTION_KINDS = ['overhaul', 'build', 'change', 'touch'] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

const VERBS: Readonly<Record<ActionKind, string>> = {
  overhaul:
    'refactor migrate rewrite port redesign rearchitect restructure overhaul convert modularize modularise reimplement',
  build:
    'implement build create develop design integrate add introduce support extract generate make scaffold write define set provide produce prepare',
  change:
    'test fix debug investigate optimize optimise improve replace handle validate cover secure profile audit review analyze analyse wire connect move split merge deploy configure extend harden parallelize speed reduce resolve solve repair',
  touch:
    'rename remove delete drop update change bump document format lint correct list explain describe find read run use call print translate upgrade enable disable check verify ensure summarize summarise clean adjust export import register expose hook render show log return mark tag sort let apply',
};

const KIND_OF: ReadonlyMap<string, ActionKind> = new Map(
  ACTION_KINDS.flatMap((kind) => VERBS[kind].split(' ').map((verb) => [verb, kind] as const)),
);

/** The kind of an imperative verb, undefined for any other word. Case does not count. */
export const actionKind = (word: string): ActionKind | undefined => KIND_OF.get(word.toLowerCase());

// A verb asks for something only where a clause begins: "the test suite" is no wish for a test.
const CLAUSE =
  /(?:^|[.;:,!?\n(]|\band\b|\bthen\b|\bto\b|\byou\b|\bplease\b)[ \t]{0,4}(?:(?:[-*•]|#{1,4}|\d{1,3}[.)])[ \t]{1,4})?(?:\*\*)?(?:(?:please|also|then|and|now|next|finally|just|first)[, ][ \t]{0,2}){0,2}([a-z]{2,14})\b/gi;

export type Action = { readonly verb: string; readonly kind: ActionKind };

/** The first `limit` things that a text asks for, in its order: imperative verbs that begin a clause. */
export const actionsIn = (text: string, limit: number): readonly Action[] => {
  const actions: Action[] = [];
  for (const match of text.matchAll(CLAUSE)) {
    const verb = match[1]?.toLowerCase() ?? '';
    const kind = actionKind(verb);
    if (kind !== undefined && actions.push({ verb, kind }) >= limit) break;
  }
  return actions;
};

/** The verb with which an item begins, if it begins with one. */
export const leadingAction = (item: string): Action | undefined => {
  const match =
    /^[\s*_#]{0,8}(?:\[[ xX]\]\s)?(?:(?:please|also|then|and|now|next|finally|lastly|first|firstly)[,:]?\s{1,3}){0,2}([a-z]{2,14})\b/i.exec(
      item,
    );
  const verb = match?.[1]?.toLowerCase() ?? '';
  const kind = actionKind(verb);
  return kind === undefined ? undefined : { verb, kind };
};
