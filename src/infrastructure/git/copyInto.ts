import { cp, lstat, mkdir, readlink, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { InvalidWorkspaceError } from '../../domain/errors/index.ts';
import { type RepositoryContext, worktreePlace } from './context.ts';
import { READING } from './environment.ts';
import { isInside, realOrNothing, resolveReal } from './fence.ts';
import { fields } from './git.ts';

const refusal = (file: string, why: string, hint: string): InvalidWorkspaceError =>
  new InvalidWorkspaceError(`"${file}" of the copy list ${why}.`, { hint, context: { file } });

type Source = {
  /** As in the list, normal form. */
  readonly file: string;
  /** Real path of what is copied: a link in the list stands for what it leads to. */
  readonly real: string;
  readonly isFolder: boolean;
};

/** @returns undefined where the user has no such file */
const sourceOf = async (root: string, file: string): Promise<Source | undefined> => {
  const path = resolve(root, file);
  const { real, exists } = await resolveReal(path);
  const outside = !isInside(root, path) || !isInside(root, real);
  if (outside || isInside(join(root, '.git'), real) || real === root) {
    throw refusal(
      file,
      'leads out of the checkout or into .git',
      'List files and folders inside the workspace only.',
    );
  }
  if (!exists) return undefined;
  return { file: relative(root, path), real, isFolder: (await lstat(real)).isDirectory() };
};

/**
 * What git ignores, asked in the worktree: its rules, not those of the user's checkout, decide what the next
 * commit takes. The command knows no literal pathspecs, and "./" keeps a leading ":" from being magic.
 */
const ignoredOf = async (
  context: RepositoryContext,
  path: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> => {
  const { stdout } = await context.git({
    ...(await worktreePlace(context, path)),
    args: ['check-ignore', '-z', '--stdin'],
    env: { ...READING, GIT_LITERAL_PATHSPECS: '0' },
    input: names.map((name) => `./${name}\0`).join(''),
    allow: [1],
  });
  return new Set(fields(stdout).map((name) => name.slice(2)));
};

const trackedOf = async (
  context: RepositoryContext,
  path: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> => {
  const place = await worktreePlace(context, path);
  const { stdout } = await context.git({ ...place, args: ['ls-files', '-z', '--', ...names], env: READING });
  return new Set(fields(stdout));
};

/** A link is kept where it stays inside; one that leads back into the user's checkout would share its files. */
const linkStaysInside = async (link: string, root: string): Promise<boolean> => {
  const target = await readlink(link);
  if (target.startsWith(sep) || !isInside(root, resolve(dirname(link), target))) return false;
  const real = await realOrNothing(link);
  return real === undefined || isInside(root, real);
};

const copyOne = async (
  root: string,
  worktree: string,
  source: Source,
  tracked: ReadonlySet<string>,
): Promise<void> => {
  const target = join(worktree, source.file);
  const parent = await resolveReal(dirname(target));
  if (!isInside(worktree, parent.real)) {
    throw refusal(source.file, 'would be copied through a link', 'Leave it out of the list.');
  }
  await mkdir(dirname(target), { recursive: true });
  await cp(source.real, target, {
    recursive: true,
    force: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    filter: async (from) => {
      if (tracked.has(join(source.file, relative(source.real, from)))) return false;
      const found = await lstat(from);
      if (found.isSymbolicLink()) return linkStaysInside(from, root);
      return found.isFile() || found.isDirectory();
    },
  });
};

/**
 * Copies ignored files and folders of the user's checkout into a worktree, modes kept.
 * @returns those that the user has not
 * @throws InvalidWorkspaceError out of the checkout, or not ignored: the next commit would take it along
 */
export const copyInto = async (
  context: RepositoryContext,
  path: string,
  files: readonly string[],
): Promise<readonly string[]> => {
  if (files.length === 0) return [];
  const worktree = await realpath(path);
  const sources: Source[] = [];
  const missing: string[] = [];
  for (const file of files) {
    const source = await sourceOf(context.root, file);
    if (source === undefined) missing.push(file);
    else sources.push(source);
  }
  if (sources.length === 0) return missing;
  const names = sources.map((source) => source.file);
  // "cache/" matches folders only, and in the worktree there is none yet: the slash says what it will be.
  const asked = sources.map((source) => (source.isFolder ? `${source.file}/` : source.file));
  const [ignored, tracked] = await Promise.all([
    ignoredOf(context, path, asked),
    trackedOf(context, path, names),
  ]);
  for (const [n, source] of sources.entries()) {
    if (tracked.has(source.file)) continue;
    if (!ignored.has(asked[n] ?? '')) {
      throw refusal(
        source.file,
        'is not ignored by git, so that a copy would be committed',
        'Add it to .gitignore and commit that, or leave it out of `copy`.',
      );
    }
    await copyOne(context.root, worktree, source, tracked);
  }
  return missing;
};
