import { chmod, lstat, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileSystemError } from '../../domain/errors/index.ts';
import type { Commit } from '../../domain/ids.ts';
import { insideWorktrees, type RepositoryContext, userPlace, warn, worktreePlace } from './context.ts';
import { linkedGitDir } from './layout.ts';
import { updateSubmodules } from './submodules.ts';

const lexists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** A folder that is there holds somebody's work, maybe the only copy: the next free name is taken instead. */
const freePath = async (path: string): Promise<string> => {
  for (let n = 2, at = path; ; n += 1) {
    if (!(await lexists(at))) return at;
    at = `${path}-${n}`;
  }
};

/**
 * @param name `<job>/<name>` below the worktrees folder
 * @returns the real path, HEAD detached at `commit`
 */
export const addWorktree = (context: RepositoryContext, name: string, commit: Commit): Promise<string> =>
  context.queue.add(async () => {
    const wanted = insideWorktrees(context, join(context.worktreesDir, name));
    await mkdir(dirname(wanted), { recursive: true, mode: 0o700 });
    const path = await freePath(wanted);
    // --force: a name whose folder somebody deleted by hand is still in git's list.
    await context.git({
      ...userPlace(context),
      args: ['worktree', 'add', '--force', '--detach', '--', path, commit],
    });
    context.known.delete(path);
    const place = await worktreePlace(context, path);
    warn(context, await updateSubmodules(context.git, place, context.layout.commonDir));
    return path;
  });

/** Builds make folders read-only (Go's module cache); nothing in them can be removed before. */
const makeWritable = async (folder: string): Promise<void> => {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
};

export const removeFolder = async (path: string): Promise<void> => {
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    await makeWritable(path).catch(() => undefined);
    await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch((cause: unknown) => {
      throw new FileSystemError('A worktree could not be removed.', {
        hint: 'A process may still write there; end it, then run `claude-orchestrator clean`.',
        retryable: true,
        context: { path },
        cause,
      });
    });
  }
};

/**
 * Removes folder and git data in this process. `git worktree remove` refuses locked, half-made and
 * damaged worktrees and stops at read-only folders: just those that a crash leaves.
 */
export const removeWorktree = (context: RepositoryContext, path: string): Promise<void> =>
  context.queue.add(async () => {
    insideWorktrees(context, path);
    const gitDir = await linkedGitDir(context.layout.commonDir, path);
    await removeFolder(path);
    // Last, so that a removal that was cut short is found and finished.
    if (gitDir !== undefined) {
      await removeFolder(gitDir);
      await rmdir(dirname(gitDir)).catch(() => undefined);
    }
    context.known.delete(path);
    const parent = dirname(path);
    if (parent !== context.worktreesDir && basename(parent) !== '')
      await rmdir(parent).catch(() => undefined);
  });
