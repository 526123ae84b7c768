import { copyFile, lstat, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { WorktreeState } from '../../application/ports/repository.ts';
import { TaskExecutionError } from '../../domain/errors/index.ts';
import { type Commit, commitSchema } from '../../domain/ids.ts';
import { TASK_STARTS } from '../../domain/taskStarts.ts';
import { ownBranch, type RepositoryContext, userPlace, warn, worktreePlace } from './context.ts';
import { READING } from './environment.ts';
import { realOrNothing } from './fence.ts';
import { readHeadLog } from './headLog.ts';
import { exists, gitDirOf, headRef } from './layout.ts';
import { forgetConflicts, refuseMarkers } from './merging.ts';
import { nestedRepositories, readStatus, type Status } from './status.ts';
import { keepSubmoduleCommits, updateSubmodules } from './submodules.ts';

/**
 * Brings a worktree to a task's base. Checked out first, cleaned after: what the last task had ignored by
 * a `.gitignore` of its own is then untracked, and goes.
 */
export const switchTo = async (
  context: RepositoryContext,
  path: string,
  branch: string,
  commit: Commit,
): Promise<void> => {
  ownBranch(branch);
  const place = await worktreePlace(context, path);
  await context.git({
    ...place,
    // A kept worktree may hold the branch of the attempt before.
    args: [
      'checkout',
      '--quiet',
      '--force',
      '--no-track',
      '--ignore-other-worktrees',
      '-B',
      branch,
      commit,
      '--',
    ],
    env: { GIT_REFLOG_ACTION: TASK_STARTS },
  });
  // Twice -f: a repository that the last task made would stay otherwise.
  await context.git({ ...place, args: ['clean', '-ffdq'] });
  await forgetConflicts(place.gitDir);
  warn(context, await updateSubmodules(context.git, place, context.layout.commonDir));
};

/** Where git would look from inside the worktree: the worktree itself, unless its link was changed. */
const topLevelOf = async (path: string, gitDir: string): Promise<string> => {
  const found = await gitDirOf(path);
  return found !== undefined && found === (await realOrNothing(gitDir))
    ? path
    : (found ?? resolve(path, '..'));
};

/** Branches outside `orchestrator/` that hold one of the commits. */
const foreignBranches = async (
  context: RepositoryContext,
  made: readonly Commit[],
): Promise<readonly string[]> => {
  const { stdout } = await context.git({
    ...userPlace(context),
    args: [
      'for-each-ref',
      '--format=%(refname)',
      ...made.map((commit) => `--contains=${commit}`),
      'refs/heads/',
    ],
    env: READING,
  });
  return stdout
    .split('\n')
    .filter((ref) => ref !== '' && !ref.startsWith('refs/heads/orchestrator/'))
    .map((ref) => ref.slice('refs/heads/'.length));
};

/**
 * One process where nothing was committed, two where something was. Commits are those that the worktree's
 * own HEAD reflog saw come into being: `base..HEAD` would take a branch of the user's that was merged in
 * for the worker's.
 */
export const inspect = async (
  context: RepositoryContext,
  path: string,
  since: { readonly base: Commit; readonly branch: string },
): Promise<WorktreeState> => {
  const place = await worktreePlace(context, path);
  const [status, history, topLevel] = await Promise.all([
    readStatus(context.git, place, 'all'),
    readHeadLog(place.gitDir, since.branch),
    topLevelOf(path, place.gitDir),
  ]);
  const head = status.head ?? since.base;
  const made = history.made.filter((commit) => commit !== since.base);
  const state: WorktreeState = {
    topLevel,
    branch: status.branch,
    head,
    uncommitted: status.entries.map((entry) => entry.path),
    foreignBranches: made.length === 0 ? [] : await foreignBranches(context, made),
    leftBranch: history.left || status.head === undefined || status.branch !== since.branch,
  };
  statuses.set(state, status);
  return state;
};

/** What git said when a state was made: a commit right after it need not ask again. */
const statuses = new WeakMap<WorktreeState, Status>();

/** HEAD right after our own commit, from the files; by a process where refs are not in files. */
const headAfterCommit = async (
  context: RepositoryContext,
  place: { readonly cwd: string; readonly gitDir: string },
): Promise<Commit> => {
  const ref = await headRef(place.gitDir);
  const file = ref === undefined ? join(place.gitDir, 'HEAD') : join(context.layout.commonDir, ref);
  const text = await readFile(file, 'utf8').catch(() => '');
  const read = commitSchema.safeParse(text.trim());
  if (read.success) return read.data;
  const { stdout } = await context.git({ ...place, args: ['rev-parse', '--verify', 'HEAD'] });
  return commitSchema.parse(stdout.trim());
};

/** @returns undefined where there was nothing to commit (one process) */
export const commitAll = async (
  context: RepositoryContext,
  path: string,
  message: string,
  seen?: WorktreeState,
): Promise<Commit | undefined> => {
  const place = await worktreePlace(context, path);
  const status =
    (seen === undefined ? undefined : statuses.get(seen)) ?? (await readStatus(context.git, place, 'all'));
  const nested = nestedRepositories(status);
  if (nested.length > 0) {
    // Git would record a bare link to it, and the files would go with the worktree.
    throw new TaskExecutionError(
      `The task made a git repository inside the repository: ${nested.join(', ')}`,
      {
        hint: 'Tell the worker to remove the .git folder inside it, or to add it as a submodule; then retry the task.',
        context: { nested },
      },
    );
  }
  await refuseMarkers(path, place.gitDir, status);
  await keepSubmoduleCommits(context.git, place, context.layout.commonDir);
  // A merge whose resolution equals our side changes no file and still has to be concluded.
  if (status.entries.length === 0 && !(await exists(join(place.gitDir, 'MERGE_HEAD')))) return undefined;
  await context.git({ ...place, args: ['add', '--all'] });
  const outcome = await context.git({
    ...place,
    args: ['commit', '--quiet', '--no-verify', '--allow-empty-message', '--cleanup=whitespace', '--file=-'],
    input: message,
    allow: [1],
  });
  if (outcome.exitCode === 1) {
    // Only what cannot be staged was changed: files inside a submodule.
    return undefined;
  }
  return headAfterCommit(context, place);
};

/** A commit of the live state, by a copy of the index: worker and git status see nothing of it. */
export const snapshot = async (context: RepositoryContext, path: string, parent: Commit): Promise<Commit> => {
  const place = await worktreePlace(context, path);
  const folder = await mkdtemp(join(tmpdir(), 'orchestrator-index-'));
  try {
    const index = join(folder, 'index');
    const own = join(place.gitDir, 'index');
    if (await lstat(own).catch(() => undefined)) await copyFile(own, index);
    const env = { GIT_INDEX_FILE: index };
    // Exit code 1: a file went while it was being read. The rest is in.
    await context.git({ ...place, args: ['add', '--all', '--ignore-errors'], env, allow: [1] });
    const tree = (await context.git({ ...place, args: ['write-tree'], env })).stdout.trim();
    const commit = await context.git({
      ...place,
      args: ['commit-tree', '-p', parent, tree],
      input: 'Snapshot of work in progress\n',
    });
    return commitSchema.parse(commit.stdout.trim());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
