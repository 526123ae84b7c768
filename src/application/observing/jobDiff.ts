import type { Commit } from '../../domain/ids.ts';
import { predecessors, type Task } from '../../domain/task.ts';
import type { JobView } from '../api.ts';
import type { Workspaces } from '../ports/workspaces.ts';

/**
 * What a job has changed against where it started: the merged result, or as long as there is none what its done
 * tasks have committed. Empty where there is nothing yet.
 */
export const jobDiff = async (
  { workspaces }: { readonly workspaces: Workspaces },
  { job, tasks }: JobView,
): Promise<string> => {
  const { base, commit } = job;
  const ends = commit === undefined ? tips(tasks) : [commit];
  if (base === undefined || ends.length === 0) return '';
  const repository = await workspaces.repository(job.spec.workspace);
  const diffs = await Promise.all(ends.map((end) => repository.diff(base.commit, end)));
  return distinctFiles(diffs.join(''));
};

/** Commits of the done tasks whose work is in no other done task's. */
const tips = (tasks: readonly Task[]): readonly Commit[] => {
  const done = tasks.filter(({ status, commit }) => status === 'done' && commit !== undefined);
  const built = new Set(done.flatMap(predecessors));
  return done.flatMap(({ spec, commit }) => (commit === undefined || built.has(spec.id) ? [] : [commit]));
};

/** What two branches have from a task before both stands once. */
const distinctFiles = (diff: string): string => [...new Set(diff.split(/^(?=diff --git )/m))].join('');
