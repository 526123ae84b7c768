import type { JobJournal } from '../journal.ts';
import type { Repository } from '../ports/repository.ts';
import type { RunDeps } from '../runDeps.ts';

/** The place of a job: the real folder, and its repository where the job works in worktrees. */
export type JobWorkspace = {
  readonly root: string;
  readonly repository: Repository | undefined;
  readonly guidance: string | undefined;
};

/** Opens the job's folder and removes what an earlier process left there. */
export const openJobWorkspace = async (deps: RunDeps, journal: JobJournal): Promise<JobWorkspace> => {
  const { spec } = journal.job;
  const root = await deps.workspaces.check(spec.workspace);
  const repository =
    spec.isolation === 'worktree' ? await deps.workspaces.repository(spec.workspace) : undefined;
  const guidance = await deps.workspaces.guidance(root);
  if (repository === undefined) return { root, repository, guidance };
  await removeAbandoned(deps, journal, repository);
  return { root: repository.state.root, repository, guidance };
};

/**
 * Worktrees of this job that a killed process left: no one else knows them. Those kept for a person stay, and those
 * in which a task goes on.
 */
const removeAbandoned = async (deps: RunDeps, journal: JobJournal, repository: Repository): Promise<void> => {
  const kept = new Set(
    [...journal.tasks.values()].flatMap(({ keptWorktree, resume }) => [keptWorktree, resume?.worktree]),
  );
  for (const worktree of await deps.workspaces.kept()) {
    if (worktree.jobId === journal.job.id && !kept.has(worktree.path))
      await repository.removeWorktree(worktree.path);
  }
};
