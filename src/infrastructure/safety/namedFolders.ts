import { homedir } from 'node:os';
import path from 'node:path';
import { HOME, isUncertain } from '../../domain/safety/markers.ts';
import { plainName, READS } from './runnerTable.ts';

/** Options by which a program goes to a folder, one after the other. */
const GOES =
  /^(?:-[CD]|--(?:directory|chdir|prefix|dir|cwd|working-dir(?:ectory)?|project-directory|git-dir|work-tree))$/u;
/** Options that name a folder, or a file whose folder then counts. */
const NAMES =
  /^(?:-[fcdptbSBI]|--(?:file|makefile|justfile|taskfile|gulpfile|gruntfile|rakefile|noxfile|manifest-path|config|conf|build-file|settings-file|base|root|rootdir|project|project-dir|source|build|test-dir|start-directory|start|wd|workdir|working-folder|install|open|init-script|rcfile))$/u;

/** More folders than these no honest call names. */
export const MOST_FOLDERS = 64;

type OptionValue = { readonly option: string; readonly value: string; readonly goes: boolean };

/** The options of a command that name a folder or a file of one, with their values: apart, after `=`, or attached. */
export const placesIn = (words: readonly string[]): readonly OptionValue[] =>
  words.flatMap((word, at): readonly OptionValue[] => {
    const [, long, after] = /^(--[\w-]+)=(.*)$/su.exec(word) ?? [];
    const [, short, attached] = long === undefined ? (/^(-[A-Za-z])=?(.+)$/su.exec(word) ?? []) : [];
    const option = long ?? short ?? word;
    const value = after ?? attached ?? words[at + 1] ?? '';
    const goes = GOES.test(option);
    return value !== '' && (goes || NAMES.test(option)) ? [{ option, value, goes }] : [];
  });

export const atHome = (word: string): string =>
  word.startsWith(HOME) ? `${homedir()}${word.slice(HOME.length)}` : word;

/**
 * Folders that a command's own words lead to, beside those that it starts in: its files may be seen from any of
 * them. @returns at most `MOST_FOLDERS`, one more where there are more.
 */
export const namedFolders = (words: readonly string[], from: readonly string[]): readonly string[] => {
  const places = placesIn(words).filter(({ value }) => !isUncertain(value));
  const found = new Set(from);
  const add = (folder: string): void => {
    if (found.size <= MOST_FOLDERS) found.add(folder);
  };
  for (const { value, goes } of places)
    if (goes) for (const at of [...found]) add(path.resolve(at, atHome(value)));
  const bases = [...found];
  for (const { value, goes } of places) {
    if (goes) continue;
    for (const at of bases) {
      const place = path.resolve(at, atHome(value));
      add(place);
      add(path.dirname(place));
    }
  }
  for (const folder of from) found.delete(folder);
  return [...found];
};

const WALKERS: ReadonlySet<string> = new Set(['git', 'env', 'sudo', 'doas']);
const walks = (word: string): boolean => {
  const program = plainName(word);
  return WALKERS.has(program) || READS.has(program);
};

/** Whether a word is, or holds, a folder that its command only goes to: `cd a`, `git -C a`, `npm --prefix=a`. */
export const onlyGoes = (words: readonly string[], at: number): boolean => {
  if (/^(cd|pushd)$/u.test(words[0] ?? '')) return true;
  const [own = ''] = /^(--[\w-]+(?==)|-[A-Za-z](?=.))/u.exec(words[at] ?? '') ?? [];
  return (GOES.test(words[at - 1] ?? '') || GOES.test(own)) && words.slice(0, at).some(walks);
};
