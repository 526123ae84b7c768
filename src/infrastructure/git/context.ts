import type PQueue from 'p-queue';
import { FileSystemError, InternalError } from '../../domain/errors/index.ts';
import { isInside } from './fence.ts';
import type { Git, Place } from './git.ts';
import { type Layout, linkedGitDir } from './layout.ts';

/** What every operation on one repository shares. */
export type RepositoryContext = {
  readonly git: Git;
  /** Real path of the user's checkout. */
  readonly root: string;
  readonly layout: Layout;
  /** Real path of the folder that holds all worktrees. */
  readonly worktreesDir: string;
  /** Concurrency 1 for all who work on this repository: parallel `git worktree add` race on its files. */
  readonly queue: PQueue;
  /** Git folders of worktrees seen so far. */
  readonly known: Map<string, string>;
  /** Told to the caller with the repository's state; grows. */
  readonly warnings: string[];
};

/** For commands on objects and refs that touch no files. */
export const userPlace = (context: RepositoryContext): Place => ({
  cwd: context.root,
  gitDir: context.layout.gitDir,
});

/** @throws FileSystemError where the path is no worktree of this repository */
export const worktreePlace = async (
  context: RepositoryContext,
  path: string,
): Promise<{ readonly cwd: string; readonly gitDir: string }> => {
  const gitDir = context.known.get(path) ?? (await linkedGitDir(context.layout.commonDir, path));
  if (gitDir === undefined) {
    throw new FileSystemError('The worktree is gone from the repository.', {
      hint: 'Retry the task: it gets a new worktree.',
      retryable: true,
      context: { path },
    });
  }
  context.known.set(path, gitDir);
  return { cwd: path, gitDir };
};

/** Each warning once, however many worktrees meet it. */
export const warn = (context: RepositoryContext, warnings: readonly string[]): void => {
  context.warnings.push(...warnings.filter((text) => !context.warnings.includes(text)));
};

/** A bug in a caller must not be able to delete a folder that is not ours. */
export const insideWorktrees = (context: RepositoryContext, path: string): string => {
  if (path !== context.worktreesDir && isInside(context.worktreesDir, path)) return path;
  throw new InternalError('A worktree path leads out of the worktrees folder.', {
    hint: 'Report this fault with the server log.',
    context: { path },
  });
};

/** Only `advance` moves a branch of the user's; everything else stays under our own prefix. */
export const ownBranch = (name: string): string => {
  if (/^orchestrator\/./.test(name)) return `refs/heads/${name}`;
  throw new InternalError('Only branches under orchestrator/ may be written here.', {
    hint: 'Report this fault with the server log.',
    context: { branch: name },
  });
};
