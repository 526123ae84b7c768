import { DYNAMIC, GLOB, HOME, SPLIT } from './markers.ts';

const SHOWN: Readonly<Record<string, string>> = { [DYNAMIC]: '$?', [HOME]: '~', [GLOB]: '*', [SPLIT]: ' ' };

/** Text of the judge for people: `$?` for what is known only when it runs. */
export const withoutMarkers = (text: string): string =>
  text.replaceAll(/[\u0000-\u0003]/gu, (marker) => SHOWN[marker] ?? '');

const quoted = (word: string): string =>
  /^[\w@%+=:,./~*$?-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** Words of one command as one would type them. */
export const shownWords = (argv: readonly string[]): string =>
  argv.map((word) => quoted(withoutMarkers(word))).join(' ');
