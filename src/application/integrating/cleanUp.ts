import type { Commit } from '../../domain/ids.ts';
import { conflictBranch, taskBranch } from '../branches.ts';
import type { JobJournal } from '../journal.ts';
import type { Repository } from '../ports.ts';

/** Deletes branches of tasks whose commits the result holds. The others stay: they may be the only copy. */
export const removeMergedBranches = async (
  journal: JobJournal,
  repository: Repository,
  result: Commit,
): Promise<void> => {
  const { id } = journal.job;
  for (const task of journal.tasks.values()) {
    if (task.keptWorktree !== undefined && task.status !== 'done') continue;
    await repository.deleteBranch(taskBranch(id, task.spec.id), result);
    await repository.deleteBranch(conflictBranch(id, task.spec.id), result);
  }
};
