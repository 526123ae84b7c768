import type { Repository, RepositoryState } from '../../application/ports/repository.ts';
import { advance } from './advance.ts';
import { branchCommit, deleteBranches, isAncestor, setBranch } from './branches.ts';
import type { RepositoryContext } from './context.ts';
import { copyInto } from './copyInto.ts';
import { changedFiles, diff, diffStat } from './diffs.ts';
import { commitAll, inspect, snapshot, switchTo } from './lanes.ts';
import { conflicts, merge, startMerge, unresolved } from './merging.ts';
import { addWorktree, removeWorktree } from './worktrees.ts';

/** The port over one repository: each operation is a function of its own in its own file. */
export const createRepository = (context: RepositoryContext, state: RepositoryState): Repository => ({
  state,
  addWorktree: (name, commit) => addWorktree(context, name, commit),
  removeWorktree: (path) => removeWorktree(context, path),
  switchTo: (path, branch, commit) => switchTo(context, path, branch, commit),
  inspect: (path, since) => inspect(context, path, since),
  commitAll: (path, message, seen) => commitAll(context, path, message, seen),
  changedFiles: (from, to) => changedFiles(context, from, to),
  diff: (from, to) => diff(context, from, to),
  diffStat: (from, to) => diffStat(context, from, to),
  snapshot: (path, parent) => snapshot(context, path, parent),
  conflicts: (a, b) => conflicts(context, a, b),
  merge: (ours, theirs, message, known) => merge(context, ours, theirs, message, known),
  startMerge: (path, theirs) => startMerge(context, path, theirs),
  unresolved: (path) => unresolved(context, path),
  isAncestor: (a, b) => isAncestor(context, a, b),
  setBranch: (name, commit) => setBranch(context, name, commit),
  branchCommit: (name) => branchCommit(context, name),
  deleteBranches: (names, keptBy) => deleteBranches(context, names, keptBy),
  advance: (branch, commit, message) => advance(context, branch, commit, message),
  copyInto: (path, files) => copyInto(context, path, files),
});
