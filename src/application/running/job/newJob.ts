import type { Job, JobSpec } from '../../../domain/job.ts';
import { buildPlan } from '../../../domain/plan.ts';
import type { PrincipalId } from '../../../domain/principal.ts';
import { refuseImpossibleMerge } from '../../integrating/apply.ts';
import type { RunDeps } from '../../runDeps.ts';

const SHARED_WARNING =
  'isolation "shared": workers write straight into the folder. "done" means that the worker ended and its verification was green there; there is no branch, no merge and no undo.';

/**
 * The record of a job that is submitted. Everything that can be refused is refused here, before anything is stored or
 * started.
 * @throws TaskValidationError, and what is wrong with the workspace.
 */
export const newJob = async (
  { workspaces, ids, clock }: Pick<RunDeps, 'workspaces' | 'ids' | 'clock'>,
  spec: JobSpec,
  owner: PrincipalId,
): Promise<Job> => {
  if (spec.tasks !== undefined) buildPlan(spec.tasks);
  refuseImpossibleMerge(spec);
  const workspace = await workspaces.check(spec.workspace);
  const repository = spec.isolation === 'worktree' ? await workspaces.repository(workspace) : undefined;
  return {
    id: ids.job(),
    owner,
    spec: { ...spec, workspace },
    status: 'planning',
    createdAt: clock.now(),
    ...(repository === undefined
      ? {}
      : { base: { commit: repository.state.head, branch: repository.state.branch } }),
    warnings: [
      ...(repository?.state.warnings ?? []),
      ...(spec.isolation === 'shared' ? [SHARED_WARNING] : []),
    ],
    applied: false,
    filesChanged: [],
    verification: 'none',
    overheadCostUsd: 0,
  };
};
