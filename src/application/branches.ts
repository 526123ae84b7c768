import type { JobId, TaskId } from '../domain/ids.ts';

/**
 * Names of the branches that the orchestrator makes. Git keeps branches as files, so `orchestrator/<job>` and
 * `orchestrator/<job>/<task>` cannot both exist: tasks have a folder of their own.
 */
export const jobBranch = (job: JobId): string => `orchestrator/${job}`;
export const taskBranch = (job: JobId, task: TaskId): string => `orchestrator/tasks/${job}/${task}`;
export const conflictBranch = (job: JobId, name: string): string => `orchestrator/conflicts/${job}/${name}`;
/** Where verifications of the untouched base run. */
export const baseBranch = (job: JobId): string => `orchestrator/base/${job}`;
/** Commits of an attempt that failed, when the next one takes its branch. */
export const attemptBranch = (job: JobId, task: TaskId, attempt: number): string =>
  `orchestrator/attempts/${job}/${task}/${attempt}`;
