import type { Priority } from '../domain/task.ts';

/** The settings that use cases read; `infrastructure/config` builds it from its schema. */
export type Settings = {
  readonly maxWorkers: number;
  readonly defaultTimeoutSeconds: number;
  readonly maxQueuedTasks: number;
  /** A worker above this is replaced between tasks, bytes. */
  readonly workerMemoryLimit: number;
  /** Tasks that one process serves before it is replaced. */
  readonly tasksPerWorker: number;
  /** Milliseconds between two process starts. */
  readonly startStaggerMs: number;
  readonly portBase: number;
  readonly portsPerLane: number;
  readonly verifyTimeoutSeconds: number;
  readonly defaultPriority: Priority;
  /** How long a worker waits at a call for a person before it is parked, milliseconds. */
  readonly approvalHoldMs: number;
};
