import type { Task } from '../../domain/task.ts';
import type { JobResult, JobView } from '../api.ts';
import type { Repository } from '../ports/repository.ts';
import type { Workspaces } from '../ports/workspaces.ts';

/**
 * Puts a job's parts together (the specification's ResultAggregator): the tasks' reports in plan order,
 * what changed, what failed and why.
 */
export const jobResult = async (
  deps: { readonly workspaces: Workspaces },
  view: JobView,
): Promise<JobResult> => ({
  view,
  output: view.tasks.map(report).join('\n\n'),
  diffStat: await fromRepository(deps, view, (repository, from, to) => repository.diffStat(from, to)),
  failures: view.tasks.flatMap((task) =>
    task.status === 'done' || task.error === undefined ? [] : [{ taskId: task.spec.id, error: task.error }],
  ),
});

type Commit = NonNullable<JobView['job']['commit']>;

const fromRepository = async (
  deps: { readonly workspaces: Workspaces },
  { job }: JobView,
  read: (repository: Repository, from: Commit, to: Commit) => Promise<string>,
): Promise<string> => {
  if (job.base === undefined || job.commit === undefined) return '';
  return read(await deps.workspaces.repository(job.spec.workspace), job.base.commit, job.commit);
};

const report = (task: Task): string => {
  const end = task.status === 'done' ? `done, verification: ${task.verification}` : task.status;
  return `## ${task.spec.title} (${task.spec.id}: ${end})\n${task.summary ?? task.error?.message ?? 'No report.'}`;
};
