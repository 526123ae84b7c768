import { type Finding, high, type Invocation, reads, risk } from '../rule.ts';
import { isLocal } from './requests.ts';
import { printed } from './stdinText.ts';

/** What files hold leaves this machine. */
export const away = high('network', 'it sends what files hold to another machine');
const here = risk('network', 'MEDIUM', 'it sends what files hold to a service of this machine');

/** True where one of the places is not this machine, or nobody can say which it is. */
export const goesAway = (places: readonly string[]): boolean =>
  places.length === 0 || !places.every((place) => isLocal(place));

/** What leaves with the content of files: each is read, and where it goes decides. */
export const sendsFiles = (files: readonly string[], places: readonly string[]): readonly Finding[] => {
  const real = files.filter((file) => file !== '/dev/null' && file !== '');
  return real.length === 0 ? [] : [...reads(real), goesAway(places) ? away : here];
};

/** `jq -n` makes its text of its own arguments, unless one of those names a file. */
const composes = (words: readonly string[]): boolean =>
  words[0] === 'jq' &&
  words.some((word) => /^(-\w*n\w*|--null-input)$/u.test(word)) &&
  !words.some((word) => /^--(raw|slurp)file$|^-\w*f|\binputs?\b/u.test(word));

/** What a program takes from its standard input to send it: text that stands in the command is no file's. */
export const sendsInput = (call: Invocation, places: readonly string[]): readonly Finding[] => {
  const { stdin } = call;
  if (stdin.kind === 'none') return sendsFiles(stdin.file === undefined ? [] : [stdin.file], places);
  if (stdin.kind === 'text' || printed(call) !== undefined || composes(stdin.from?.words ?? [])) return [];
  return [goesAway(places) ? away : here];
};
