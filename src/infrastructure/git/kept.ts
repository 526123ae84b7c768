import { readdir, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileSystemError } from '../../domain/errors/index.ts';
import { layoutOf, linkedGitDir } from './layout.ts';
import { removeFolder } from './worktrees.ts';

export type KeptWorktree = { readonly path: string; readonly repository: string; readonly jobId: string };

const folders = async (path: string): Promise<readonly string[]> => {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
};

/** The checkout whose git data the worktree belongs to; empty where its `.git` is lost. */
const repositoryOf = async (path: string): Promise<string> => {
  const commonDir = (await layoutOf(path))?.commonDir;
  if (commonDir === undefined) return '';
  return basename(commonDir) === '.git' ? dirname(commonDir) : commonDir;
};

/** The disk is asked and no record of ours: a crash leaves folders that nobody wrote down. */
export const listKept = async (worktreesDir: string): Promise<readonly KeptWorktree[]> => {
  const found: KeptWorktree[] = [];
  for (const jobId of await folders(worktreesDir)) {
    for (const name of await folders(join(worktreesDir, jobId))) {
      const path = join(worktreesDir, jobId, name);
      found.push({ path, repository: await repositoryOf(path), jobId });
    }
  }
  return found;
};

/**
 * Removes a worktree that is on disk, and what its repository knows of it; the repository may be gone.
 * @throws FileSystemError where it is none of ours
 */
export const removeKept = async (worktreesDir: string, path: string): Promise<void> => {
  if (!(await listKept(worktreesDir)).some((kept) => kept.path === path)) {
    throw new FileSystemError('There is no such worktree.', {
      hint: 'claude-orchestrator clean lists those that are kept.',
    });
  }
  const commonDir = (await layoutOf(path))?.commonDir;
  const gitDir = commonDir === undefined ? undefined : await linkedGitDir(commonDir, path);
  await removeFolder(path);
  if (gitDir !== undefined) await removeFolder(gitDir);
  // The job's folder goes with its last worktree.
  await rmdir(dirname(path)).catch(() => undefined);
};
