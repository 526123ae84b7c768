import { filesIn, namesIn, OBJECT_END, singular, spelledWords, wordsIn } from './names.ts';

const MAKING =
  /\b(?:create|add|write|implement|build|define|introduce|generate|make|set up|design|extract|declare|scaffold|develop|provide)\b[ \t]{1,4}/gi;
const RENAMING = /\b(?:rename|move|extract|split|convert|turn)\b[^.;\n]{1,120}?\b(?:to|into)\b[ \t]{1,4}/gi;

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
  addPlaces(created, text);
  return created;
};

type Growing = { readonly names: Set<string>; readonly phrases: Set<string>; readonly heads: Set<string> };

const addObject = (created: Growing, object: string): void => {
  const words = withoutDeterminers(object.trim());
  const bare = wordsIn(words);
  const head = bare.at(-1);
  addName(created, words);
  if (head === undefined || COMMON.has(head)) return;
  if (head.length > 2) created.heads.add(singular(head));
  const thing = bare.at(-2);
  // "A logger module" is called the logger later.
  if (thing !== undefined && KINDS.has(head)) created.heads.add(singular(thing));
  // "Implement slugify": English puts an article before a common noun, so a single word without is a name.
  if (bare.length === 1 && words === object.trim()) created.names.add(spelledWords(words)[0] ?? head);
  if (bare.length >= 2) {
    created.phrases.add(bare.slice(-3).join(' '));
    created.phrases.add(bare.slice(-2).join(' '));
  }
};

const addName = (created: Growing, words: string): void => {
  const name = [...namesIn(words)].at(-1);
  if (name === undefined) return;
  const behind = wordsIn(words.slice(words.lastIndexOf(name) + name.length));
  // "Add `User` tests" makes tests and not `User`.
  if (behind.length === 0 || (behind.length === 1 && KINDS.has(behind[0] ?? ''))) created.names.add(name);
};

const withoutDeterminers = (object: string): string => {
  let words = object;
  for (let before = ''; before !== words; ) {
    before = words;
    words = words.replace(DETERMINERS, '');
  }
  return words;
};

// "Create a logger in src/logger.ts" makes the file, too; "add a line to src/logger.ts" does not.
const PLACED =
  /\b(?:create|write|implement|generate|scaffold|define)\b[^.;\n]{1,100}?\b(?:in|at|as|under)[ \t]{1,3}(?=[`\w@./-])([^\s,;:)]{3,120})/gi;

const addPlaces = (created: Growing, text: string): void => {
  for (const match of text.matchAll(PLACED))
    for (const file of filesIn(match[1] ?? '')) created.names.add(file);
};
