import { lstat, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MergeOutcome } from '../../application/ports/repository.ts';
import { ConflictError } from '../../domain/errors/index.ts';
import { type Commit, commitSchema } from '../../domain/ids.ts';
import { type RepositoryContext, userPlace, worktreePlace } from './context.ts';
import { fields } from './git.ts';
import { exists } from './layout.ts';
import { readStatus, type Status } from './status.ts';

type TreeMerge = { readonly tree: string; readonly files: readonly string[] };

/** Merges two commits in memory: the tree, and the files in conflict. */
const mergeTrees = async (context: RepositoryContext, ours: Commit, theirs: Commit): Promise<TreeMerge> => {
  const { stdout } = await context.git({
    ...userPlace(context),
    args: ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ours, theirs],
    allow: [1],
  });
  const [tree = '', ...files] = fields(stdout);
  return { tree, files: [...new Set(files)] };
};

/** @returns the files that a merge of the two would leave in conflict */
export const conflicts = async (
  context: RepositoryContext,
  a: Commit,
  b: Commit,
): Promise<readonly string[]> => (a === b ? [] : (await mergeTrees(context, a, b)).files);

/** Merges without a worktree: at most three processes, and one where one side contains the other. */
export const merge = async (
  context: RepositoryContext,
  ours: Commit,
  theirs: Commit,
  message: string,
  known?: { readonly diverged: boolean },
): Promise<MergeOutcome> => {
  if (ours === theirs) return { clean: true, commit: ours };
  if (known?.diverged !== true) {
    const base = await context.git({ ...userPlace(context), args: ['merge-base', ours, theirs], allow: [1] });
    const common = base.stdout.trim();
    if (common === theirs) return { clean: true, commit: ours };
    if (common === ours) return { clean: true, commit: theirs };
  }
  const { tree, files } = await mergeTrees(context, ours, theirs);
  if (files.length > 0) return { clean: false, files };
  const { stdout } = await context.git({
    ...userPlace(context),
    args: ['commit-tree', '-p', ours, '-p', theirs, tree],
    input: message,
  });
  return { clean: true, commit: commitSchema.parse(stdout.trim()) };
};

/** Names of the files that a started merge left in conflict, in the worktree's git data. */
const conflictList = (gitDir: string): string => join(gitDir, 'orchestrator-conflicts');
export const forgetConflicts = (gitDir: string): Promise<void> => rm(conflictList(gitDir), { force: true });

/**
 * Leaves the merge open in the worktree, markers in the files. The files in conflict are written down: once
 * a worker has staged or committed them, git no longer knows that they ever were.
 * @throws ConflictError where the worktree is not clean
 */
export const startMerge = async (context: RepositoryContext, path: string, theirs: Commit): Promise<void> => {
  const place = await worktreePlace(context, path);
  const outcome = await context.git({
    ...place,
    args: [
      'merge',
      '--no-commit',
      '--no-ff',
      '--no-autostash',
      '--no-verify-signatures',
      '--quiet',
      '--',
      theirs,
    ],
    allow: [1, 2, 128],
  });
  if (outcome.exitCode === 0) return;
  if (!(await exists(join(place.gitDir, 'MERGE_HEAD')))) {
    throw new ConflictError('The merge could not be started in the worktree.', {
      hint: 'Switch the worktree to a clean branch first, or retry the task in a fresh worktree.',
      context: { stderr: outcome.stderr.slice(0, 4000), theirs },
    });
  }
  const status = await readStatus(context.git, place, 'no');
  await writeFile(conflictList(place.gitDir), unmergedOf(status).join('\0'));
};

/** The labels of our own merges; a document that shows other markers is no conflict. */
const MARKER = /^(<{7} HEAD|>{7} [0-9a-f]{40,64})(:.*)?\r?$/m;
const LARGEST_TEXT = 20 * 1024 * 1024;

const holdsMarkers = async (path: string): Promise<boolean> => {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile() || found.size > LARGEST_TEXT) return false;
  return MARKER.test(await readFile(path, 'utf8').catch(() => ''));
};

/** Files in conflict when the merge was started, whatever a worker has staged since. */
const conflictsAtStart = async (gitDir: string): Promise<readonly string[]> =>
  fields(await readFile(conflictList(gitDir), 'utf8').catch(() => '')).filter((file) => file !== '');

const withMarkers = async (path: string, files: Iterable<string>): Promise<readonly string[]> => {
  const marked: string[] = [];
  for (const file of files) if (await holdsMarkers(join(path, file))) marked.push(file);
  return marked;
};

const unmergedOf = (status: Status): readonly string[] =>
  status.entries.filter((entry) => entry.kind === 'unmerged').map((entry) => entry.path);

/** Paths that are unmerged, or that still hold markers: those in conflict at the start, and those changed since. */
export const unresolved = async (context: RepositoryContext, path: string): Promise<readonly string[]> => {
  const place = await worktreePlace(context, path);
  const [status, started] = await Promise.all([
    readStatus(context.git, place, 'all'),
    conflictsAtStart(place.gitDir),
  ]);
  const unmerged = unmergedOf(status);
  const others = new Set([...started, ...status.entries.map((entry) => entry.path)]);
  for (const file of unmerged) others.delete(file);
  return [...unmerged, ...(await withMarkers(path, others))];
};

/**
 * Staging everything would declare a file with markers resolved, and commit the markers.
 * @throws ConflictError naming the files
 */
export const refuseMarkers = async (path: string, gitDir: string, status: Status): Promise<void> => {
  const marked = await withMarkers(
    path,
    new Set([...(await conflictsAtStart(gitDir)), ...unmergedOf(status)]),
  );
  if (marked.length > 0) {
    throw new ConflictError(`Conflict markers are left in ${marked.join(', ')}.`, {
      hint: 'Resolve these files before the commit; both sides are in them.',
      context: { files: marked },
    });
  }
};
