/**
 * Characters read of each of `items`: references stand in the first sentences, more is detail. All together
 * are bounded too, so that many long items cost no more than a few.
 */
export const charactersRead = (items: number): number =>
  Math.max(160, Math.min(2000, Math.floor(60_000 / items)));

const MAKING =
  /\b(?:create|add|write|implement|build|define|introduce|generate|make|set up|design|extract|declare|scaffold|develop|provide)\b[ \t]{1,4}/gi;
const RENAMING = /\b(?:rename|move|extract|split|convert|turn)\b[^.;\n]{1,120}?\b(?:to|into)\b[ \t]{1,4}/gi;

// What follows one of these is where, how or why, no longer what.
const OBJECT_END =
  /[.;:,!?\n()]\s|[.;:,!?\n()]$|\b(?:in|into|to|for|on|from|using|with|that|which|who|so|by|at|as|and|then|where|when|under|inside|within|based|via|of)\b/i;

/** Words behind a name that only say what kind of thing it is: "the `User` model" is `User`. */
const KINDS = new Set(
  'model class function module component hook service interface type endpoint table file script command page schema route constant struct enum middleware method package library helper parser client view controller store job worker api field column variable migration fixture config document'.split(
    ' ',
  ),
);

/** Nouns that half of all items share; alone they name nothing. */
const COMMON = new Set(
  'test tests code file files function functions support docs documentation error errors feature features readme comment comments handling validation logging unit integration case cases example examples change changes line lines thing things project repo repository user users data option options'.split(
    ' ',
  ),
);

const DETERMINERS =
  /^(?:an?|the|new|some|our|its|this|that|these|all|each|another|simple|basic|small|missing|more)\s+/i;

// The looks behind keep a long unbroken word from being tried again at each of its letters.
const FILE =
  /(?<![\w@./-])(?:[\w@.-]{0,80}(?:\/[\w@.[\]-]{1,80}){1,20}|[\w-]{1,80}(?:\.[\w-]{1,40}){0,4}\.[a-z]\w{0,5}\b)/gi;
const NAMED =
  /`([^`\n]{2,80})`|\b([a-z]+(?:[A-Z][a-z0-9]*)+|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+|[a-zA-Z]\w{0,60}_\w+|[A-Z]{1,3})\b|\b([a-zA-Z_]\w*)\(\)/g;

/** Files, identifiers and quoted names in a text, as written but for `()` and `./`. */
export const namesIn = (text: string): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const match of text.matchAll(FILE)) names.add(plain(match[0]));
  for (const match of text.matchAll(NAMED)) names.add(plain(match[1] ?? match[2] ?? match[3] ?? ''));
  // "I" and "A" are words; X is a name.
  for (const word of ['', 'I', 'A', 'AN', 'OK']) names.delete(word);
  return names;
};

/** Only the files. */
export const filesIn = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(FILE)].map((match) => plain(match[0])));

const plain = (name: string): string => name.replace(/^\.\//, '').replace(/\(\)$/, '').replace(/[.]$/, '');

const wordsIn = (text: string): string[] => text.toLowerCase().match(/[a-z][a-z0-9-]*/g) ?? [];

/** "endpoints" is "endpoint": enough for telling that two items speak of the same thing. */
export const singular = (word: string): string =>
  word.length > 3 && /[^s]s$/.test(word) ? word.slice(0, -1) : word;

/** What an item brings into being. */
export type Created = {
  readonly names: ReadonlySet<string>;
  /** Noun phrases of two or three words, lower case. */
  readonly phrases: ReadonlySet<string>;
  /** Last words of the objects: "the new parser" means one of these. */
  readonly heads: ReadonlySet<string>;
};

/** The objects of the verbs in the text of an item that make something. */
export const createdBy = (text: string): Created => {
  const created = { names: new Set<string>(), phrases: new Set<string>(), heads: new Set<string>() };
  for (const match of [...text.matchAll(MAKING), ...text.matchAll(RENAMING)]) {
    const rest = text.slice(match.index + match[0].length, match.index + match[0].length + 160);
    // Code in backticks may hold the words that end an object.
    const end = rest.replace(/`[^`\n]*`/g, (code) => 'x'.repeat(code.length)).search(OBJECT_END);
    addObject(created, end < 0 ? rest : rest.slice(0, end));
  }
  return created;
};

const addObject = (
  created: { names: Set<string>; phrases: Set<string>; heads: Set<string> },
  object: string,
): void => {
  let words = object.trim();
  for (let before = ''; before !== words; ) {
    before = words;
    words = words.replace(DETERMINERS, '');
  }
  const names = [...namesIn(words)];
  const bare = wordsIn(words);
  const head = bare.at(-1);
  const lastName = names.at(-1);
  if (lastName !== undefined) {
    const behind = words.slice(words.lastIndexOf(lastName) + lastName.length);
    const kind = wordsIn(behind);
    // "Add `User` tests" makes tests and not `User`.
    if (kind.length === 0 || (kind.length === 1 && KINDS.has(kind[0] ?? ''))) created.names.add(lastName);
  }
  if (head === undefined) return;
  if (!COMMON.has(head) && head.length > 2) created.heads.add(singular(head));
  const phrase = bare.slice(-3);
  if (phrase.length >= 2 && !COMMON.has(head)) {
    created.phrases.add(phrase.join(' '));
    created.phrases.add(phrase.slice(-2).join(' '));
  }
};

/** How an item speaks of the ones before it. */
export type References = {
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
    names: namesIn(text),
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
