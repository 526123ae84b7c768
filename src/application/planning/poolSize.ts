/** What one worker needs beside the server, bytes: peak RSS 189–225 MB measured (DESIGN §6), and its tools. */
export const WORKER_BYTES = 250 * 1024 * 1024;

export type PoolSizeInput = {
  /** Tasks of the plan. */
  readonly tasks: number;
  /** Tasks of it that can run at the same time at the most (`width`). */
  readonly widest: number;
  /** The caller's or the operator's limit, whichever is lower. */
  readonly maxWorkers: number;
  /** Memory that new processes could have now, bytes. */
  readonly availableMemory: number;
};

/** 1–10 tasks → 3 · 11–50 → 5 to 7, linear · more → 10 (issue part 5). */
const byTasks = (tasks: number): number => {
  if (tasks <= 10) return 3;
  if (tasks <= 50) return Math.round(5 + (2 * (tasks - 11)) / 39);
  return 10;
};

/** Workers that the free memory has room for; one at the least, because a job must be able to go on. */
export const memoryWorkers = (availableMemory: number): number =>
  Math.max(1, Math.floor(availableMemory / WORKER_BYTES));

/** Number of lanes for a plan (bounds of 1 and more): by its size, bounded by its shape, the limits and the memory. */
export const poolSize = ({ tasks, widest, maxWorkers, availableMemory }: PoolSizeInput): number =>
  Math.min(byTasks(tasks), widest, maxWorkers, memoryWorkers(availableMemory));
