import path from 'node:path';
import type { Touched } from '../../domain/approval.ts';
import { askGit, type GitPlace, gitPlace } from './git.ts';

type GitState = NonNullable<Touched['git']>;

/**
 * Filters are programs, and a worker can make its worktree's `.git` name a repository of its own: each one that is
 * configured is set to none. @returns undefined where one has a name that cannot be set by an option.
 */
const withoutFilters = async (place: GitPlace): Promise<readonly string[] | undefined> => {
  const listed = await askGit(place, ['config', '-z', '--name-only', '--get-regexp', '^filter\\.']);
  const names = [...new Set((listed ?? '').split('\0').filter((name) => name !== ''))];
  if (names.some((name) => name.includes('='))) return undefined;
  return names.flatMap((name) => ['-c', name.endsWith('.required') ? `${name}=false` : `${name}=`]);
};

const below = (folder: string, name: string): boolean =>
  folder === '.' || name === folder || name.startsWith(`${folder}/`);

/** Path of an entry of `status --porcelain=v2 -z`, by how many fields stand before it. */
const FIELDS: Readonly<Record<string, number>> = { '1': 8, '2': 9, u: 10, '?': 1, '!': 1 };

type Entry = { readonly kind: string; readonly name: string };

const entriesOf = (status: string): readonly Entry[] => {
  const entries: Entry[] = [];
  let skip = false;
  for (const line of status.split('\0')) {
    const kind = line.slice(0, 1);
    const fields = FIELDS[kind];
    // Behind a rename stands the old name alone.
    if (skip || fields === undefined) {
      skip = false;
      continue;
    }
    skip = kind === '2';
    entries.push({ kind, name: line.split(' ').slice(fields).join(' ').replace(/\/$/u, '') });
  }
  return entries;
};

const stateOf = (
  name: string,
  entries: readonly Entry[],
  tracked: readonly string[],
): GitState | undefined => {
  const at = (kinds: string): boolean =>
    entries.some(
      (entry) =>
        kinds.includes(entry.kind) &&
        // What is in an ignored or unknown folder is reported by that folder alone.
        (below(name, entry.name) || ('?!'.includes(entry.kind) && below(entry.name, name))),
    );
  if (at('12u')) return 'modified';
  if (at('?')) return 'untracked';
  if (tracked.some((each) => below(name, each))) return 'clean';
  return at('!') ? 'ignored' : undefined;
};

/**
 * How git knows these paths: by the worst of what is below them, since that is what would be lost.
 * @returns nothing for a path that is not there, or where git cannot tell.
 */
export const gitStates = async (
  worktree: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, GitState>> => {
  const states = new Map<string, GitState>();
  const inside: { readonly each: string; readonly name: string }[] = [];
  for (const each of paths) {
    const name = path.relative(worktree, each) || '.';
    if (name === '..' || name.startsWith('../')) states.set(each, 'outside');
    else inside.push({ each, name });
  }
  if (inside.length === 0) return states;
  const place = await gitPlace(worktree);
  if (place === undefined) {
    for (const each of paths) states.set(each, 'outside');
    return states;
  }
  const settings = await withoutFilters(place);
  if (settings === undefined) return states;
  const specs = ['--', ...inside.map(({ name }) => `:(top,literal)${name === '.' ? '' : name}`)];
  const options = [
    '--porcelain=v2',
    '-z',
    '--ignored',
    '--untracked-files=normal',
    '--ignore-submodules=all',
  ];
  const [status, tracked] = await Promise.all([
    askGit(place, [...settings, 'status', ...options, ...specs]),
    askGit(place, ['ls-files', '-z', '--full-name', ...specs]),
  ]);
  if (status === undefined || tracked === undefined) return states;
  const entries = entriesOf(status);
  const known = tracked.split('\0').filter((name) => name !== '');
  for (const { each, name } of inside) {
    const state = stateOf(name, entries, known);
    if (state !== undefined) states.set(each, state);
  }
  return states;
};
