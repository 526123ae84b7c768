import type { Commit } from '../../domain/ids.ts';

export type RepositoryState = {
  /** Real path of the top level. */
  readonly root: string;
  readonly head: Commit;
  /** Null where HEAD is detached. */
  readonly branch: string | null;
  readonly dirty: boolean;
  readonly warnings: readonly string[];
};

/** How a worktree stands after a worker had it. */
export type WorktreeState = {
  readonly topLevel: string;
  readonly branch: string | null;
  readonly head: Commit;
  /** Paths with changes that no commit holds, untracked ones included, ignored ones not. */
  readonly uncommitted: readonly string[];
  /** Branches outside `orchestrator/` that hold a commit made since `base`. */
  readonly foreignBranches: readonly string[];
  /** True where HEAD was moved to another branch in between. */
  readonly leftBranch: boolean;
};

export type MergeOutcome =
  | { readonly clean: true; readonly commit: Commit }
  | { readonly clean: false; readonly files: readonly string[] };

/** The user's repository. Never writes to the user's checkout except in `advance`. */
export interface Repository {
  readonly state: RepositoryState;
  /** One at a time, whoever asks. @returns the real path of the new worktree, HEAD detached at `commit`. */
  addWorktree(name: string, commit: Commit): Promise<string>;
  /** Removes the folder and git's data of it, whatever is in it. */
  removeWorktree(path: string): Promise<void>;
  /** `git clean -fd`, then `branch` created (or moved) at `commit` and checked out; ignored files stay. */
  switchTo(path: string, branch: string, commit: Commit): Promise<void>;
  inspect(path: string, since: { readonly base: Commit; readonly branch: string }): Promise<WorktreeState>;
  /**
   * Commits everything in the worktree, without hooks.
   * @param seen what `inspect` has just said of it, where nothing ran since: git is not asked a second time.
   * @returns undefined where there was nothing to commit.
   */
  commitAll(path: string, message: string, seen?: WorktreeState): Promise<Commit | undefined>;
  /** Files that differ between two commits. */
  changedFiles(from: Commit, to: Commit): Promise<readonly string[]>;
  diff(from: Commit, to: Commit): Promise<string>;
  diffStat(from: Commit, to: Commit): Promise<string>;
  /** A commit of the worktree's live state through a separate index; the worktree and its index stay untouched. */
  snapshot(path: string, parent: Commit): Promise<Commit>;
  /** Files in which a merge of the two would conflict; nothing is written but objects. */
  conflicts(a: Commit, b: Commit): Promise<readonly string[]>;
  /**
   * Merges without a worktree: fast-forward where it can, else a merge commit, else the conflicting files.
   * @param known `diverged: true` where the caller knows that neither holds the other.
   */
  merge(
    ours: Commit,
    theirs: Commit,
    message: string,
    known?: { readonly diverged: boolean },
  ): Promise<MergeOutcome>;
  /** Starts a real merge of `theirs` in a worktree and leaves the conflict markers in the files. */
  startMerge(path: string, theirs: Commit): Promise<void>;
  /** Paths that still hold conflict markers or unmerged entries. */
  unresolved(path: string): Promise<readonly string[]>;
  isAncestor(a: Commit, b: Commit): Promise<boolean>;
  setBranch(name: string, commit: Commit): Promise<void>;
  branchCommit(name: string): Promise<Commit | undefined>;
  /**
   * Deletes branches whose commits are reachable from `keptBy` and that no checkout stands on; the others stay.
   * @returns those that were deleted.
   */
  deleteBranches(names: readonly string[], keptBy: Commit): Promise<readonly string[]>;
  /**
   * Moves the user's branch to hold `commit`: fast-forward, or a merge commit with `message`. Never with a
   * dirty tree, never over a conflict. @throws ConflictError saying why not and what to do.
   */
  advance(branch: string, commit: Commit, message: string): Promise<Commit>;
  /** Brings ignored files of the user's checkout into a worktree. @returns those that were not there. */
  copyInto(path: string, files: readonly string[]): Promise<readonly string[]>;
}
