import type { Tool } from '../tool.ts';
import { analyze } from './analyze.ts';
import { jobCancel } from './jobCancel.ts';
import { jobList } from './jobList.ts';
import { jobResult } from './jobResult.ts';
import { jobStatus } from './jobStatus.ts';
import { jobSteer } from './jobSteer.ts';
import { jobWait } from './jobWait.ts';
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
  systemHealth,
];
