import { DYNAMIC, GLOB, HOME, SPLIT } from '../../domain/safety/markers.ts';

/** A variable that nobody has set: what stands there is known only when it runs. */
export const UNKNOWN = `\${unknown_to_the_judge}`;

/** What nobody knows is a variable that nobody has set. */
const MARKED: ReadonlyMap<string, string> = new Map([
  [DYNAMIC, `"${UNKNOWN}"`],
  [HOME, '"$HOME"'],
  [GLOB, '*'],
  [SPLIT, ' '],
]);

/** A word as a shell text that means the same, its markers (markers.ts) as what a shell would expand. */
export const quoted = (word: string): string =>
  /^[\w./:@=-]+$/u.test(word)
    ? word
    : word === ''
      ? "''"
      : word
          .split(/([\u0000-\u0003])/u)
          .map((part) => MARKED.get(part) ?? (part === '' ? '' : `'${part.replaceAll("'", "'\\''")}'`))
          .join('');

/** A script as it runs in a shell of its own, in another folder than the one it is called from. */
export const within = (folder: string, from: string, text: string): string =>
  folder === from ? `( ${text}\n)` : `( cd ${quoted(folder)} && {\n${text}\n})`;
