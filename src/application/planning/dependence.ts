import { leadingAction } from './actionWords.ts';
import { type Created, createdBy } from './created.ts';
import { filesIn, singular } from './names.ts';
import { charactersRead, type References, referencesOf } from './references.ts';
import type { RequestItem, RequestLists } from './requestLists.ts';
import { type StatedOrder, statedOrder } from './statedOrder.ts';

export type Dependence = {
  /** For each item the places (from 0) of the earlier items that it must wait for, ascending. */
  readonly edges: readonly (readonly number[])[];
  readonly reasons: readonly string[];
};

/**
 * Which items of a request must wait for which. A numbered list and a chain are a sequence and a bulleted list
 * is not, except where the request's own words say otherwise or the items show it. A reference to what an
 * earlier item makes is always an edge; a mere pronoun is none where the caller said that order does not count.
 * Edges lead to earlier items only, so there is no cycle.
 */
export const dependence = (lists: RequestLists): Dependence => {
  const { items } = lists;
  const order = orderOf(lists);
  const read = charactersRead(items.length);
  const texts = items.map((item) => item.text.slice(0, read));
  const created = texts.map(createdBy);
  const wanted = { phrases: created.some((one) => one.phrases.size > 0) };
  const references = texts.map((text) => referencesOf(text, wanted));
  const reasons: string[] = [];
  const referring = new Resolver(items, created);
  const edges = items.map((item, at) => {
    const found = new Set<number>();
    const mine = references[at];
    if (mine !== undefined) referring.resolve(at, mine, order !== 'parallel', found);
    if (item.kind === 'after') for (const earlier of items.keys()) if (earlier < at) found.add(earlier);
    referring.learn(at);
    return found;
  });
  for (const group of new Set(items.map((item) => item.group))) {
    const places = [...items.keys()].filter(
      (at) => items[at]?.group === group && items[at]?.kind !== 'after',
    );
    const decided = sequenceOf(items, places, edges, order);
    if (decided.reason !== '') reasons.push(decided.reason);
    if (decided.sequence) for (const [nth, at] of places.entries()) addIfAny(edges[at], places[nth - 1]);
  }
  const referred = edges.filter((found) => found.size > 0).length;
  if (referred > 0 && reasons.every((reason) => !reason.includes('one after the other'))) {
    reasons.push(`${referred} of ${items.length} items refer to earlier ones and wait for them.`);
  }
  return { edges: edges.map((found) => [...found].sort((a, b) => a - b)), reasons };
};

const addIfAny = (edges: Set<number> | undefined, earlier: number | undefined): void => {
  if (earlier !== undefined) edges?.add(earlier);
};

const orderOf = ({ before, after, items }: RequestLists): StatedOrder | undefined => {
  const intros = [...new Set(items.map((item) => item.intro))].join('\n');
  // The words about the order stand next to the list, not deep in a pasted text.
  return statedOrder(`${before.slice(-2000)}\n${intros}\n${after.slice(0, 2000)}`);
};

const sequenceOf = (
  items: readonly RequestItem[],
  places: readonly number[],
  edges: readonly ReadonlySet<number>[],
  order: StatedOrder | undefined,
): { sequence: boolean; reason: string } => {
  if (places.length < 2) return { sequence: false, reason: '' };
  const kind = items[places[0] ?? 0]?.kind;
  if (order === 'parallel')
    return { sequence: false, reason: 'The request says that its items are independent.' };
  if (order === 'sequence')
    return { sequence: true, reason: 'The request says that its items go one after the other.' };
  if (kind === 'chain') return { sequence: true, reason: 'A "first … then" chain goes one after the other.' };
  if (kind === 'bulleted') return { sequence: false, reason: '' };
  const referring = places.some((at) => (edges[at]?.size ?? 0) > 0);
  if (!referring && sameWorkOnOtherFiles(places.map((at) => items[at]?.text ?? ''))) {
    return {
      sequence: false,
      reason: 'The numbered items do the same to files of their own, so they are independent.',
    };
  }
  return {
    sequence: true,
    reason: 'A numbered list goes one after the other unless the request says otherwise.',
  };
};

/** "1. Fix … in a.ts 2. Fix … in b.ts": the same verb, each names files, and none names another's. */
const sameWorkOnOtherFiles = (texts: readonly string[]): boolean => {
  const verb = leadingAction(texts[0] ?? '')?.verb;
  if (verb === undefined) return false;
  const seen = new Set<string>();
  for (const text of texts) {
    const files = filesIn(text.slice(0, 2000));
    if (leadingAction(text)?.verb !== verb || files.size === 0) return false;
    for (const file of files) {
      if (seen.has(file)) return false;
      seen.add(file);
    }
  }
  return true;
};

/** Finds the earlier item that a reference means: the latest one that fits. */
class Resolver {
  readonly #items: readonly RequestItem[];
  readonly #created: readonly Created[];
  readonly #makers = new Map<string, number>();
  readonly #heads = new Map<string, number[]>();
  readonly #numbered = new Map<number, number>();
  /** Items that no earlier reading waits for: waiting for these is waiting for all. */
  readonly #open = new Set<number>();

  constructor(items: readonly RequestItem[], created: readonly Created[]) {
    this.#items = items;
    this.#created = created;
  }

  resolve(at: number, references: References, loose: boolean, found: Set<number>): void {
    const own = this.#created[at];
    const add = (kind: string, key: string): void => {
      const maker = this.#makers.get(`${kind}:${key}`);
      if (maker !== undefined) found.add(maker);
    };
    for (const name of references.names) if (own?.names.has(name) !== true) add('name', name);
    for (const phrase of references.phrases) if (own?.phrases.has(phrase) !== true) add('phrase', phrase);
    for (const noun of references.definite)
      if (own?.heads.has(singular(noun)) !== true) this.#addThing(noun, found);
    for (const number of references.numbers) this.#addNumber(at, number, found);
    if (references.all) for (const earlier of this.#open) found.add(earlier);
    if (loose && references.previous && at > 0) found.add(at - 1);
    if (loose && references.fresh.size > 0 && found.size === 0) addIfAny(found, this.#latestMaker(at));
    for (const earlier of found) this.#open.delete(earlier);
  }

  /** "The endpoints" are all that were made, "the endpoint" is the latest. */
  #addThing(noun: string, found: Set<number>): void {
    const makers = this.#heads.get(singular(noun)) ?? [];
    const meant = singular(noun) === noun ? makers.slice(-1) : makers;
    for (const maker of meant) found.add(maker);
  }

  /** Makes what item `at` creates known to the items after it. */
  learn(at: number): void {
    const created = this.#created[at];
    for (const name of created?.names ?? []) this.#makers.set(`name:${name}`, at);
    for (const phrase of created?.phrases ?? []) this.#makers.set(`phrase:${phrase}`, at);
    for (const head of created?.heads ?? []) {
      const makers = this.#heads.get(head);
      if (makers === undefined) this.#heads.set(head, [at]);
      else makers.push(at);
    }
    const number = this.#items[at]?.number;
    if (number !== undefined) this.#numbered.set(number, at);
    this.#open.add(at);
  }

  #addNumber(at: number, number: number, found: Set<number>): void {
    const place =
      this.#numbered.get(number) ?? (this.#items[at]?.number === undefined ? number - 1 : undefined);
    if (place !== undefined && place >= 0 && place < at) found.add(place);
  }

  #latestMaker(before: number): number | undefined {
    for (let at = before - 1; at >= 0; at--) if ((this.#created[at]?.heads.size ?? 0) > 0) return at;
    return undefined;
  }
}
