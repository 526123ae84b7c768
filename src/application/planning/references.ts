import { namesIn, OBJECT_END, spelledWords, wordsIn } from './names.ts';

/**
 * Characters read of each of `items`: references stand in the first sentences, more is detail. All together
 * are bounded too, so that many long items cost no more than a few.
 */
export const charactersRead = (items: number): number =>
  Math.max(160, Math.min(2000, Math.floor(60_000 / items)));

/** How an item speaks of the ones before it. */
export type References = {
  /** Names and every word as it is spelled: whichever an earlier item made is meant. */
  readonly names: ReadonlySet<string>;
  /** Runs of two and three words, lower case. */
  readonly phrases: ReadonlySet<string>;
  /** Nouns with "the", "this", "that" or "our" before them. */
  readonly definite: ReadonlySet<string>;
  /** "the new …", "the resulting …": the noun. */
  readonly fresh: ReadonlySet<string>;
  /** Numbers of "step 1", "task 2". */
  readonly numbers: readonly number[];
  readonly all: boolean;
  readonly previous: boolean;
};

const ALL =
  /\b(?:(?:all|each|both|any|everything) (?:of )?(?:the )?above|everything (?:above|else)|all (?:the )?(?:previous|other|earlier|preceding|these) (?:steps|tasks|items|changes)|once (?:all|everything)|(?:run|rerun) (?:all|the (?:full|whole|entire)) (?:the )?tests?(?: suite)?)\b|^(?:and )?(?:finally|lastly)\b/i;
const PREVIOUS =
  /\bthe (?:previous|preceding|last|above) (?:step|task|item|change|one)\b|^(?:and )?(?:then|next|after that|afterwards?|after this)\b/i;
const PRONOUN =
  /^(?:(?:and|then|also|now|next),? )?(?!(?:is|if|does|has|should|when|that|why|how|because|so|as)\b)[a-z]{2,14} (?:up |out |for |in |into |with |to |on |from |against |all of )?(?:it|them|that|this|these|those)(?=$|[.,;:!?)\n]|\s(?:in|into|to|for|on|from|with|and|as|by|at|everywhere|via|using|inside|wherever|under|up|so|when|before|after)\b)/i;

/** Reads an item's references; nothing is resolved here. */
export const referencesOf = (text: string, wanted: { readonly phrases: boolean }): References => {
  const opening = text.slice(0, 300);
  return {
    names: new Set([...namesIn(text), ...spelledWords(text)]),
    phrases: wanted.phrases ? phrasesOf(text) : new Set(),
    definite: nouns(text, /\b(?:the|this|that|our|these|those) ((?:[a-z][a-z-]* ){0,2}[a-z][a-z-]*)/gi),
    fresh: nouns(
      text,
      /\b(?:the|that|this|these|those) (?:newly (?:created|added) |new |resulting |updated |created |extracted |generated )((?:[a-z][a-z-]* ){0,2}[a-z][a-z-]*)/gi,
    ),
    numbers: [...text.matchAll(/\b(?:step|task|item|part|phase|point)s? #?(\d{1,4})\b/gi)].map((match) =>
      Number(match[1]),
    ),
    all: ALL.test(opening),
    previous: PREVIOUS.test(opening) || PRONOUN.test(opening),
  };
};

const nouns = (text: string, pattern: RegExp): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(pattern)].flatMap((match) => {
      const phrase = match[1] ?? '';
      const end = phrase.search(OBJECT_END);
      return wordsIn(end < 0 ? phrase : phrase.slice(0, end));
    }),
  );

const phrasesOf = (text: string): ReadonlySet<string> => {
  const words = wordsIn(text);
  const phrases = new Set<string>();
  for (const [at, word] of words.entries()) {
    const second = words[at + 1];
    const third = words[at + 2];
    if (second !== undefined) phrases.add(`${word} ${second}`);
    if (second !== undefined && third !== undefined) phrases.add(`${word} ${second} ${third}`);
  }
  return phrases;
};
