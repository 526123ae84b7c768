import { availableParallelism } from 'node:os';
import type { Machine } from '../../application/ports/system.ts';

/** The machine as this process may use it: limits of a container are seen. */
export const thisMachine: Machine = {
  cores: () => availableParallelism(),
  availableMemory: () => process.availableMemory(),
  ownMemory: () => process.memoryUsage.rss(),
};
