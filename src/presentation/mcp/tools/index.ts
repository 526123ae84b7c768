import type { Tool } from '../tool.ts';
import { analyze } from './analyze.ts';
import { approveOperation } from './approveOperation.ts';
import { jobCancel } from './jobCancel.ts';
import { jobList } from './jobList.ts';
import { jobResult } from './jobResult.ts';
import { jobStatus } from './jobStatus.ts';
import { jobSteer } from './jobSteer.ts';
import { jobWait } from './jobWait.ts';
import { listApprovals } from './listApprovals.ts';
import { orchestrate } from './orchestrate.ts';
import { systemHealth } from './systemHealth.ts';
import { taskOutput } from './taskOutput.ts';

/** In the order in which an agent meets them. */
export const TOOLS: readonly Tool[] = [
  analyze,
  orchestrate,
  jobStatus,
  jobWait,
  jobResult,
  jobList,
  jobCancel,
  jobSteer,
  taskOutput,
  listApprovals,
  approveOperation,
  systemHealth,
];

/** `core` is the loop of a job with what a person has to approve in it, for clients whose context is dear. */
export type ToolPreset = 'core' | 'full';

const CORE: ReadonlySet<Tool> = new Set([
  orchestrate,
  jobStatus,
  jobWait,
  jobResult,
  listApprovals,
  approveOperation,
]);

export const toolsOf = (preset: ToolPreset): readonly Tool[] =>
  preset === 'full' ? TOOLS : TOOLS.filter((tool) => CORE.has(tool));
