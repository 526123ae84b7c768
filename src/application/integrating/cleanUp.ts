import type { Commit } from '../../domain/ids.ts';
import { baseBranch, conflictBranch, taskBranch } from '../branches.ts';
import type { JobJournal } from '../journal.ts';
import type { Repository } from '../ports/repository.ts';

/** Deletes branches of tasks whose commits the result holds. The others stay: they may be the only copy. */
export const removeMergedBranches = async (
  journal: JobJournal,
  repository: Repository,
  result: Commit,
): Promise<void> => {
  const { id } = journal.job;
  const names = [...journal.tasks.values()]
    .filter((task) => task.keptWorktree === undefined || task.status === 'done')
    .flatMap((task) => [taskBranch(id, task.spec.id), conflictBranch(id, task.spec.id)]);
  // Of an earlier process that was killed; this one's own goes with its worktree.
  await repository.deleteBranches([...names, baseBranch(id)], result);
};
