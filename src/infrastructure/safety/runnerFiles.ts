import path from 'node:path';
import { isUncertain } from '../../domain/safety/markers.ts';
import { type CallWords, type NamedWord, wordsOf } from './callWords.ts';
import { foldersUp, MAKEFILES, nearestPackage, PACKAGE_FILE, scriptsIn, withHooks } from './manifests.ts';

const COMPOSE = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const SCRIPTS = ['.js', '.mjs', '.cjs', '.ts', '/index.js', '/package.json'];
const MODULES = ['.py', '/__main__.py', '/__init__.py'];

/** Programs whose words name no file, but what stands in one: which, by the names they look for. */
const READS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    npm: [PACKAGE_FILE],
    pnpm: [PACKAGE_FILE],
    yarn: [PACKAGE_FILE],
    bun: [PACKAGE_FILE],
    npx: [PACKAGE_FILE],
    pnpx: [PACKAGE_FILE],
    bunx: [PACKAGE_FILE],
    make: MAKEFILES,
    gmake: MAKEFILES,
    just: ['justfile', 'Justfile', '.justfile'],
    task: ['Taskfile.yml', 'Taskfile.yaml'],
    rake: ['Rakefile', 'rakefile'],
    composer: ['composer.json'],
    cargo: ['Cargo.toml', 'build.rs'],
    deno: ['deno.json', 'deno.jsonc'],
    docker: ['Dockerfile', ...COMPOSE],
    'docker-compose': COMPOSE,
    gradle: ['build.gradle', 'build.gradle.kts'],
    mvn: ['pom.xml'],
    tox: ['tox.ini'],
  }),
);

/** What git does to the files of a repository that its command does not name. */
const GIT_SWEEPS: ReadonlySet<string> = new Set(['clean', 'reset', 'stash', 'checkout', 'switch', 'restore']);

/** Interpreters find files by less than their name. */
const ENDINGS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({ node: SCRIPTS, tsx: SCRIPTS, bun: SCRIPTS, python: MODULES }),
);

/** Folders from here up to the worktree's own, the nearest first; this one alone where it is outside. */
const upwards = (from: string, worktree: string): readonly string[] => {
  const folders = foldersUp(from);
  return folders.slice(0, Math.max(folders.indexOf(worktree), 0) + 1);
};

/** The folder that git would sweep: `clean` its own, the others all of the repository. */
const sweptBy = (words: readonly string[], from: string, worktree: string): readonly NamedWord[] => {
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
const packageFolders = async (from: string, worktree: string): Promise<readonly string[]> => {
  const nearest = await nearestPackage(from);
  return [...new Set([...upwards(from, worktree), ...(nearest === undefined ? [] : [nearest.folder])])];
};

/**
 * Files that decide what the programs of a call do, beside those that it names, also those of scripts within scripts.
 * @param seen scripts read so far: each is read once.
 */
export const runnerFiles = async (
  { runners }: CallWords,
  worktree: string,
  seen: Set<string> = new Set(),
): Promise<readonly NamedWord[]> => {
  const found: NamedWord[] = [];
  for (const { program, words, from } of runners) {
    if (program === 'git') found.push(...sweptBy(words, from, worktree));
    for (const ending of ENDINGS.get(program.replace(/[\d.]+$/u, '')) ?? []) {
      for (const word of words)
        if (!word.startsWith('-'))
          found.push(
            { word: `${word.replaceAll(/\.(?=\w)/gu, '/')}${ending}`, from },
            { word: `${word}${ending}`, from },
          );
    }
    const names = READS.get(program);
    if (names === undefined) continue;
    const isPackage = names.includes(PACKAGE_FILE);
    for (const folder of await (isPackage ? packageFolders(from, worktree) : upwards(from, worktree))) {
      for (const word of names) found.push({ word, from: folder });
      if (!isPackage) continue;
      const scripts = (await scriptsIn(folder)) ?? {};
      for (const word of words) {
        const key = `${folder}\n${word}`;
        if (seen.has(key)) continue;
        seen.add(key);
        for (const text of withHooks(scripts, word)) {
          const inner = wordsOf(text, folder);
          found.push(...inner.names, ...(await runnerFiles(inner, worktree, seen)));
        }
      }
    }
  }
  return found;
};
