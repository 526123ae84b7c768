import { TaskExecutionError } from '../../../domain/errors/index.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Task } from '../../../domain/task.ts';
import type { FolderReport } from '../../lanes/laneFolder.ts';
import { repairPrompt } from '../../verifying/repairPrompt.ts';
import type { Check } from '../../verifying/verifier.ts';
import { nothingWrittenPrompt } from './taskPrompt.ts';

/** What a repair should mend, and the error where it is not mended. */
export type Flaw = {
  readonly note: string;
  readonly prompt: string;
  readonly error: TaskExecutionError;
  /** The check with which the task is done all the same, where none of the redness is its own. */
  readonly excused?: Check;
};

/** The flaw of work that changed nothing though its task said what it would write. */
export const nothingWritten = (
  { writes, writesForecast }: Task['spec'],
  report: FolderReport,
): Flaw | undefined => {
  if (
    writes === undefined ||
    writes.length === 0 ||
    writesForecast === true ||
    report.filesChanged.length > 0
  )
    return undefined;
  return {
    note: 'It changed no file though it declared writes.',
    prompt: nothingWrittenPrompt(writes),
    error: new TaskExecutionError(
      `The task declared that it writes ${writes.join(', ')}, and changed no file.`,
      {
        hint: 'Say in the prompt what is to be written, or take writes out; then job_steer retry.',
      },
    ),
  };
};

/** The flaw of work whose verification is red, or as red as the base was (that is excused in the end). */
export const redVerification = ({ verify }: Task['spec'], check: Check): Flaw | undefined => {
  const asRedAsBefore = check.verification === 'none';
  if (verify === undefined || !(asRedAsBefore || check.verification === 'failed')) return undefined;
  return {
    ...(asRedAsBefore ? { excused: check } : {}),
    note: check.note,
    prompt: repairPrompt(verify, check.note, check.output.slice(-8000)),
    error: new TaskExecutionError(
      `The verification is red after ${LIMITS.repairRounds} repairs: ${check.note}`,
      {
        hint: 'task_output shows what it printed. job_steer retry runs it again; another prompt or verify needs a new job.',
        context: { verification: 'failed', note: check.note },
      },
    ),
  };
};
