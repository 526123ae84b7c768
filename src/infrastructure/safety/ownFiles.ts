import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { globMatches } from '../../domain/safety/policy/glob.ts';
import { askGit, type GitPlace } from './git.ts';
import { realPlace } from './realPlace.ts';

/** A path or pattern of a deletion, seen from the worktree; undefined where it is the worktree or leads out of it. */
const within = (worktree: string, name: string): string | undefined => {
  const inner = path.relative(worktree, name);
  return inner === '' || inner === '..' || inner.startsWith('../') || path.isAbsolute(inner)
    ? undefined
    : inner;
};

/** Letter case is passed over: what a file system may take for the same counts as the same. */
const pathspecs = (name: string): readonly string[] => {
  if (!name.includes('*')) return [`:(top,icase,literal)${name}`];
  const pattern = name.replaceAll(/[[\]?\\]/gu, '\\$&');
  return [`:(top,icase,glob)${pattern}`, `:(top,icase,glob)${pattern}/**`];
};

/** The part before the first pattern, cut back to whole folders; what comes after it keeps its wildcards. */
const realName = async (name: string): Promise<string> => {
  const at = name.indexOf('*');
  if (at === -1) return realPlace(name);
  const folder = name.slice(0, name.lastIndexOf('/', at));
  return `${await realPlace(folder === '' ? '/' : folder)}${name.slice(folder.length)}`;
};

/** A repository within the worktree is somebody's work, whatever the outer git says of it. */
const inInnerRepository = async (worktree: string, inner: string): Promise<boolean> => {
  const parts = inner.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const folder = path.join(worktree, ...parts.slice(0, depth));
    if (await lstat(path.join(folder, '.git')).catch(() => undefined)) return true;
  }
  return false;
};

const covers = (pattern: string, file: string): boolean => {
  const [wanted, given] = [pattern.toLowerCase(), file.toLowerCase()];
  return globMatches(wanted, given) || globMatches(`${wanted}/**`, given);
};

/**
 * Of which deletions is all that they take made since `base`: nothing there is in git's index, and nothing was in
 * the base. One git process for all of them.
 * @param names absolute; `*` stands for a pattern within one name.
 */
export const ownOf = async (
  place: GitPlace,
  base: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> => {
  const candidates = await Promise.all(
    names.map(async (name) => {
      // Where a link stands, and where it leads.
      const both = [name, await realName(name)].map((one) => within(place.worktree, one));
      const inner = both.flatMap((one) => one ?? []);
      const good =
        inner.length === both.length &&
        !(await Promise.all(inner.map((one) => inInnerRepository(place.worktree, one)))).includes(true);
      return good ? [{ name, inner }] : [];
    }),
  );
  const asked = candidates.flat();
  if (asked.length === 0) return new Set();
  const listed = await askGit(place, [
    'ls-files',
    '-z',
    '--cached',
    `--with-tree=${base}`,
    '--',
    ...asked.flatMap(({ inner }) => inner.flatMap(pathspecs)),
  ]);
  if (listed === undefined) return new Set();
  const tracked = listed.split('\0').filter((file) => file !== '');
  return new Set(
    asked
      .filter(({ inner }) => !tracked.some((file) => inner.some((one) => covers(one, file))))
      .map(({ name }) => name),
  );
};
