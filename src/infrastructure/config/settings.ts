import type { Settings } from '../../application/config.ts';
import type { Config } from './schema.ts';

/** Ports that a lane may use from its `PORT_BASE` on. */
export const PORTS_PER_LANE = 20;

/** @returns the part of the configuration that use cases read, with what is measured and not for choice. */
export const toSettings = (config: Config): Settings => ({
  maxWorkers: config.maxWorkers,
  defaultTimeoutSeconds: config.defaultTimeout,
  maxQueuedTasks: config.maxQueuedTasks,
  // A process grows by about 100 MB in 60 tasks; a new one costs a second.
  workerMemoryLimit: 350 * 1024 * 1024,
  tasksPerWorker: 20,
  startStaggerMs: 150,
  portBase: config.portBase,
  portsPerLane: PORTS_PER_LANE,
  verifyTimeoutSeconds: config.verifyTimeout,
  defaultPriority: 'normal',
  approvalHoldMs: config.approvalHold * 1000,
});
