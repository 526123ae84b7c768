const MIN_CHARACTERS = 12;
const MAX_BYTES = 1024;
const MIN_DISTINCT = 6;
/** Words that a guesser tries first here; what is left beside them must still be long. */
const OWN_WORDS =
  /claude|orchestrator|passphrase|password|passwort|qwertyuiop|qwertzuiop|asdfghjkl|letmein|admin/gi;
const MIN_BESIDE_WORDS = 6;

/** The same text however a keyboard composed its characters. */
export const normalPassphrase = (text: string): string => text.normalize('NFKC');

const isRun = (points: readonly number[]): boolean => {
  const steps = points.slice(1).map((point, at) => point - (points[at] ?? point));
  return steps.every((step) => step === steps[0]) && Math.abs(steps[0] ?? 0) <= 1;
};

const isRepeated = (text: string): boolean => /^(.{1,5}?)\1+.{0,4}$/su.test(text);

/**
 * A simple bar: length, variety, nothing that a keyboard or this product suggests by itself.
 * @returns what is wrong, in one sentence for the person who typed it; undefined where nothing is.
 */
export const passphraseProblem = (typed: string): string | undefined => {
  const text = normalPassphrase(typed);
  const characters = [...text];
  if (characters.length < MIN_CHARACTERS) return `It must have at least ${MIN_CHARACTERS} characters.`;
  if (Buffer.byteLength(text) > MAX_BYTES) return `It must have at most ${MAX_BYTES} bytes.`;
  if (/\p{Cc}/u.test(text)) return 'It must hold no control characters.';
  if (new Set(characters).size < MIN_DISTINCT)
    return `It must have at least ${MIN_DISTINCT} different characters.`;
  if (isRun(characters.map((character) => character.codePointAt(0) ?? 0)) || isRepeated(text))
    return 'It must not be a row or a repetition.';
  const beside = text.replaceAll(OWN_WORDS, '');
  // Digits and signs around such a word are guessed with it.
  const letters = [...beside.replaceAll(/\P{L}/gu, '')];
  return beside !== text && letters.length < MIN_BESIDE_WORDS
    ? 'It is made of words that are guessed first.'
    : undefined;
};
