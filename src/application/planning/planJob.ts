import type { Job } from '../../domain/job.ts';
import { newTask } from '../../domain/task.ts';
import type { JobJournal } from '../journal.ts';
import type { JobWorkspace } from '../lanes/jobWorkspace.ts';
import type { RunDeps } from '../runDeps.ts';
import { forecast } from './estimate.ts';
import { poolSize } from './poolSize.ts';
import { width } from './width.ts';

/** Splits the job's request and writes the plan down: tasks, source, estimate and the number of lanes, in one step. */
export const planJob = async (
  deps: RunDeps,
  journal: JobJournal,
  workspace: JobWorkspace,
  signal: AbortSignal,
): Promise<void> => {
  const { job } = journal;
  const split = await deps.splitter.split(job.spec, {
    cwd: workspace.root,
    guidance: workspace.guidance,
    judge: (call) => deps.gate.judge(call, { cwd: workspace.root, worktree: workspace.root, readRoots: [] }),
    signal,
  });
  const workers = poolSize({
    tasks: split.plan.tasks.length,
    widest: width(split.plan),
    maxWorkers: Math.min(deps.settings.maxWorkers, job.spec.maxWorkers ?? deps.settings.maxWorkers),
    availableMemory: deps.machine.availableMemory(),
  });
  const { estimate } = forecast(split.plan, {
    workers,
    cores: deps.machine.cores(),
    setup: job.spec.setup !== undefined,
  });
  const patch: Partial<Job> = {
    planSource: split.source,
    estimate,
    warnings: [...job.warnings, ...split.warnings],
    overheadCostUsd: job.overheadCostUsd + split.overheadCostUsd,
  };
  await journal.plan(
    split.plan.tasks.map((spec) => newTask(job.id, spec)),
    patch,
    [
      {
        type: 'job.planned',
        tasks: split.plan.tasks.length,
        source: split.source,
        workers: estimate.workers,
      },
      ...split.warnings.map((message) => ({ type: 'job.warning' as const, message })),
    ],
  );
};
