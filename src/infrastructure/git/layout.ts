import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { realOrNothing } from './fence.ts';

/** Git's folders, read in this process: each `git rev-parse` less is some milliseconds less a task. */
export type Layout = {
  /** HEAD, index and reflog of this one checkout. */
  readonly gitDir: string;
  /** Objects, refs and configuration that all checkouts share. */
  readonly commonDir: string;
};

const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);
export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Where the `.git` of a checkout leads, real path; undefined where there is none. */
export const gitDirOf = async (checkout: string): Promise<string | undefined> => {
  const link = join(checkout, '.git');
  const found = await stat(link).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.isDirectory()) return realOrNothing(link);
  const target = /^gitdir: (.*?)\n?$/s.exec((await readText(link)) ?? '')?.[1];
  return target === undefined ? undefined : realOrNothing(resolve(checkout, target));
};

export const commonDirOf = async (gitDir: string): Promise<string> => {
  const common = (await readText(join(gitDir, 'commondir')))?.replace(/\n$/, '');
  return common === undefined ? gitDir : ((await realOrNothing(resolve(gitDir, common))) ?? gitDir);
};

export const layoutOf = async (checkout: string): Promise<Layout | undefined> => {
  const gitDir = await gitDirOf(checkout);
  return gitDir === undefined ? undefined : { gitDir, commonDir: await commonDirOf(gitDir) };
};

/** Git folders of all linked worktrees of a repository. */
export const linkedGitDirs = async (commonDir: string): Promise<readonly string[]> => {
  const parent = join(commonDir, 'worktrees');
  const names = await readdir(parent).catch(() => []);
  return names.map((name) => join(parent, name));
};

/** The folder that a linked worktree's git data says it belongs to. */
export const checkoutOf = async (gitDir: string): Promise<string | undefined> => {
  const link = (await readText(join(gitDir, 'gitdir')))?.replace(/\n$/, '');
  return link === undefined ? undefined : dirname(resolve(gitDir, link));
};

/**
 * The git data of the worktree at `path`, found from the repository's side: what the worktree's own `.git`
 * file says is not asked, since a worker can write it.
 */
export const linkedGitDir = async (commonDir: string, path: string): Promise<string | undefined> => {
  for (const gitDir of await linkedGitDirs(commonDir)) {
    if ((await checkoutOf(gitDir)) === path) return gitDir;
  }
  return undefined;
};

/** What HEAD names: a full ref, or nothing where it is detached. */
export const headRef = async (gitDir: string): Promise<string | undefined> =>
  /^ref: (.*)\n?$/.exec((await readText(join(gitDir, 'HEAD'))) ?? '')?.[1];

const OPERATIONS = [
  ['MERGE_HEAD', 'merge'],
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
] as const;

/** The operation that a checkout is in the middle of. */
export const operationInProgress = async (gitDir: string): Promise<string | undefined> => {
  const found = await Promise.all(OPERATIONS.map(([file]) => exists(join(gitDir, file))));
  return OPERATIONS.find((_, n) => found[n] === true)?.[1];
};

/** The branch that a rebase in this checkout will move when it ends. */
export const rebasedRef = async (gitDir: string): Promise<string | undefined> => {
  const text =
    (await readText(join(gitDir, 'rebase-merge', 'head-name'))) ??
    (await readText(join(gitDir, 'rebase-apply', 'head-name')));
  return text?.trim();
};
