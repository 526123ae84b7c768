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

/** Words of a text, lower case. */
export const wordsIn = (text: string): string[] => text.toLowerCase().match(/[a-z][a-z0-9-]*/g) ?? [];

/** "endpoints" is "endpoint": enough for telling that two items speak of the same thing. */
export const singular = (word: string): string =>
  word.length > 3 && /[^s]s$/.test(word) ? word.slice(0, -1) : word;

/** Words as they are written: a bare `slugify` is known again only by its own spelling. */
export const spelledWords = (text: string): readonly string[] => text.match(/[A-Za-z_][\w-]*/g) ?? [];

// What follows one of these is where, how or why, no longer what.
/** Where the object of a verb ends. */
export const OBJECT_END =
  /[.;:,!?\n()]\s|[.;:,!?\n()]$|\b(?:in|into|to|for|on|from|using|with|that|which|who|so|by|at|as|and|then|where|when|under|inside|within|based|via|of)\b/i;
