import path from 'node:path';
import { isUncertain } from '../../domain/safety/markers.ts';
import { type CallWords, type NamedWord, wordsOf } from './callWords.ts';
import { hooksOf } from './gitHooks.ts';
import { justfileFor, justfilesOf } from './justfile.ts';
import { MAKEFILES, readMakefiles } from './makefiles.ts';
import { foldersUp, nearestPackage, PACKAGE_FILE, scriptsIn, withHooks } from './manifests.ts';
import { atHome, placesIn } from './namedFolders.ts';
import { ENDINGS, plainName, READS } from './runnerTable.ts';
import { workspaceOf } from './workspaces.ts';

type Runner = CallWords['runners'][number];

/** Operands that may name a folder to work in. */
const MOST_OPERANDS = 32;

/** What git does to the files of a repository that its command does not name. */
const GIT_SWEEPS: ReadonlySet<string> = new Set(['clean', 'reset', 'stash', 'checkout', 'switch', 'restore']);
/** Words by which a package manager turns to other packages of its workspace. */
const ELSEWHERE =
  /^(-w.*|-F.*|-r|-T|-A|--(work|filter|recurs|top-l|ws\b|all\b|include).*|workspaces?|foreach|recursive|turbo|nx|lerna)$/u;

/** Folders from here up to the worktree's own, the nearest first; this one alone where it is outside. */
const upwards = (from: string, worktree: string): readonly string[] => {
  const folders = foldersUp(from);
  return folders.slice(0, Math.max(folders.indexOf(worktree), 0) + 1);
};

const sweptBy = ({ words, from }: Runner, worktree: string): readonly NamedWord[] => {
  const verb = words.find((word) => GIT_SWEEPS.has(word));
  if (verb === undefined) return [];
  const folder = words.reduce(
    (at, word, index) => (words[index - 1] === '-C' && !isUncertain(word) ? path.resolve(at, word) : at),
    from,
  );
  const inside = foldersUp(folder).includes(worktree);
  return [{ word: '.', from: verb !== 'clean' && inside ? worktree : folder }];
};

/** Where a program may find its package: all of a workspace's, and the one that the judge reads, wherever it is. */
const packageFolders = async (
  { program, words, from }: Runner,
  worktree: string,
): Promise<readonly string[]> => {
  const nearest = await nearestPackage(from);
  const others = [program, ...words].some((word) => ELSEWHERE.test(word)) ? await workspaceOf(from) : [];
  return [
    ...new Set([
      ...upwards(from, worktree),
      ...[...(nearest === undefined ? [] : [nearest]), ...others].map(({ folder }) => folder),
    ]),
  ];
};

/** Operands as folders to look in: `pip install .`, `docker build context`, `cmake source`. */
const operandFolders = ({ words, from }: Runner): readonly string[] =>
  words
    .filter((word) => !word.startsWith('-') && !isUncertain(word) && word.length < 1_024)
    .slice(0, MOST_OPERANDS)
    .map((word) => path.resolve(from, atHome(word)));

/** Makefiles and justfiles with all that they take in. */
const takenIn = async ({ program, words, from }: Runner): Promise<readonly string[]> => {
  const named = placesIn(words).flatMap(({ value, goes }) =>
    goes || isUncertain(value) ? [] : [atHome(value)],
  );
  if (program === 'just') {
    const first = await Promise.all([justfileFor(from, []), justfileFor(from, named)]);
    return (
      await Promise.all(first.flatMap((file) => (file === undefined ? [] : [justfilesOf(file)])))
    ).flat();
  }
  if (READS.get(program) !== MAKEFILES) return [];
  const read = await Promise.all([readMakefiles(from), ...named.map((name) => readMakefiles(from, [name]))]);
  return read.flatMap((each) => each?.files ?? []);
};

const moduleFiles = ({ program, words, from }: Runner): readonly NamedWord[] =>
  (ENDINGS.get(program) ?? []).flatMap((ending) =>
    words
      .filter((word) => !word.startsWith('-'))
      .flatMap((word) => [
        { word: `${word.replaceAll(/\.(?=\w)/gu, '/')}${ending}`, from },
        { word: `${word}${ending}`, from },
      ]),
  );

/** A text's own files, what its programs read, and so on. */
const inside = async (
  text: string,
  folder: string,
  worktree: string,
  seen: Set<string>,
): Promise<readonly NamedWord[]> => {
  const key = `${folder}\n\n${text}`;
  if (seen.has(key)) return [];
  seen.add(key);
  const inner = wordsOf(text, folder);
  return [...inner.names, ...(await runnerFiles(inner, worktree, seen))];
};

const gitFiles = async (
  runner: Runner,
  worktree: string,
  seen: Set<string>,
): Promise<readonly NamedWord[]> => {
  const found: NamedWord[] = [...sweptBy(runner, worktree)];
  for (const { file, text, folder } of await hooksOf(runner.from, runner.words)) {
    found.push({ word: file, from: folder });
    // What a hook does to folders is not what the call names.
    if (text !== undefined)
      found.push(
        ...(await inside(text, folder, worktree, seen)).map((name) => ({ ...name, goes: true as const })),
      );
  }
  return found;
};

const packageFiles = async (
  runner: Runner,
  worktree: string,
  seen: Set<string>,
): Promise<readonly NamedWord[]> => {
  const found: NamedWord[] = [];
  const names = READS.get(runner.program) ?? [PACKAGE_FILE];
  for (const folder of await packageFolders(runner, worktree)) {
    for (const word of names) found.push({ word, from: folder });
    const scripts = (await scriptsIn(folder)) ?? {};
    for (const written of runner.words) {
      const word = written.replace(/^--run=/u, '');
      if (/^[@\w][\w./@-]*$/u.test(word)) found.push({ word: `node_modules/.bin/${word}`, from: folder });
      const key = `${folder}\n${word}`;
      if (seen.has(key)) continue;
      seen.add(key);
      for (const text of withHooks(scripts, word))
        found.push(...(await inside(text, folder, worktree, seen)));
    }
  }
  return found;
};

const readBy = async (runner: Runner, worktree: string, seen: Set<string>): Promise<readonly NamedWord[]> => {
  const { program, words, from } = runner;
  if (program === 'git') return gitFiles(runner, worktree, seen);
  const names = READS.get(program) ?? [];
  const isPackage =
    names.includes(PACKAGE_FILE) || (program === 'node' && words.some((word) => word.startsWith('--run')));
  return [
    ...moduleFiles(runner),
    ...(isPackage ? await packageFiles(runner, worktree, seen) : []),
    ...(names.length === 0 ? [] : [...upwards(from, worktree), ...operandFolders(runner)]).flatMap((folder) =>
      names.map((word) => ({ word, from: folder })),
    ),
    ...(await takenIn(runner)).map((word) => ({ word, from })),
  ];
};

/**
 * Files that decide what the programs of a call do, beside those that it names, also those of scripts within scripts.
 * @param seen scripts read so far: each is read once.
 */
export const runnerFiles = async (
  { runners }: Pick<CallWords, 'runners'>,
  worktree: string,
  seen: Set<string> = new Set(),
): Promise<readonly NamedWord[]> => {
  const found: NamedWord[] = [];
  for (const runner of runners)
    found.push(...(await readBy({ ...runner, program: plainName(runner.program) }, worktree, seen)));
  return found;
};
