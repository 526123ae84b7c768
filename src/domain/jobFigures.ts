import type { Job } from './job.ts';
import type { Task } from './task.ts';

/** Tasks by how they ended; `attempts` is the sum over all tasks. */
export type JobStatistics = {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly cancelled: number;
  readonly attempts: number;
  /** Tasks of which a command says that they are right. */
  readonly verified: number;
};

const VERIFIED: ReadonlySet<Task['verification']> = new Set(['proved', 'held', 'passed']);

export const statisticsOf = (tasks: readonly Task[]): JobStatistics => {
  const count = (status: Task['status']): number => tasks.filter((task) => task.status === status).length;
  return {
    total: tasks.length,
    done: count('done'),
    failed: count('failed'),
    skipped: count('skipped'),
    cancelled: count('cancelled'),
    attempts: tasks.reduce((sum, task) => sum + task.attempts, 0),
    verified: tasks.filter((task) => VERIFIED.has(task.verification)).length,
  };
};

/** `percent` is a whole number, rounded down: 100 only where everything is done. */
export type JobProgress = { readonly done: number; readonly total: number; readonly percent: number };

/** Only `done` tasks count: a skipped task is no progress. */
export const progressOf = (tasks: readonly Task[]): JobProgress => {
  const done = tasks.filter((task) => task.status === 'done').length;
  return {
    done,
    total: tasks.length,
    percent: tasks.length === 0 ? 0 : Math.floor((done / tasks.length) * 100),
  };
};

/** Everything spent on a job: its tasks, planning and conflict resolution, USD, not rounded. */
export const costOf = (job: Pick<Job, 'overheadCostUsd'>, tasks: readonly Task[]): number =>
  tasks.reduce((sum, task) => sum + task.costUsd, job.overheadCostUsd);
