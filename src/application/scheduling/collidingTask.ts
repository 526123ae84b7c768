import type { TaskId } from '../../domain/ids.ts';
import type { JobJournal } from '../journal.ts';
import { writesOverlap } from './writeOverlap.ts';

/**
 * The running task beside which `id` must not run, because both say that they write the same paths. In worktrees
 * only declared paths count; in a shared folder whoever declares nothing may write anything.
 */
export const collidingTask = (
  journal: JobJournal,
  id: TaskId,
  running: ReadonlySet<TaskId>,
): TaskId | undefined => {
  const shared = journal.job.spec.isolation === 'shared';
  const { writes } = journal.task(id).spec;
  return [...running].find((other) => {
    // One that has just ended still holds its place for a moment; to be put behind it would be for ever.
    if (journal.ended(other)) return false;
    const theirs = journal.task(other).spec.writes;
    return shared || (writes !== undefined && theirs !== undefined) ? writesOverlap(writes, theirs) : false;
  });
};
