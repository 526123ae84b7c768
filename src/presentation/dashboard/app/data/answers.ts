import type { CallToolResult } from '@modelcontextprotocol/client';
import type { JobAnswer } from '../../../wire/job.ts';
import type { WholeJob, WholeTask } from '../../page/job/model/wire.ts';

/** Our own server's answers are what their schema says; what a host may hand over beside them is no job. */
const isJob = (value: unknown): value is JobAnswer =>
  typeof value === 'object' &&
  value !== null &&
  'job_id' in value &&
  typeof value.job_id === 'string' &&
  'tasks' in value &&
  Array.isArray(value.tasks);

/** The job that a tool answered with, if it did. */
export const jobIn = (result: CallToolResult): JobAnswer | undefined =>
  result.isError !== true && isJob(result.structuredContent) ? result.structuredContent : undefined;

/** What a result says in words. */
export const wordsIn = (result: CallToolResult): string =>
  result.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');

/** The code of one of our errors. */
export const codeIn = ({ structuredContent: content }: CallToolResult): unknown =>
  typeof content === 'object' && content !== null && 'code' in content ? content.code : undefined;

const UNKNOWN_TASK = {
  prompt: '',
  depends_on: [],
  ordered_after: [],
  priority: 'normal',
  repairs: 0,
  files_changed: [],
} as const;

/**
 * What is known of a job after `answer`: a tool tells less than the job's resource did before, but it tells it
 * later. Tasks that the answer left out stay as they were.
 */
export const jobAfter = (answer: JobAnswer, before: WholeJob | undefined): WholeJob => {
  const told = new Map(answer.tasks.map((task) => [task.id, task]));
  const known = new Map(before?.tasks.map((task) => [task.id, task]));
  const ids = new Set([...known.keys(), ...told.keys()]);
  const tasks = [...ids].flatMap((id): readonly WholeTask[] => {
    const task = told.get(id);
    const old = known.get(id);
    if (task === undefined) return old === undefined ? [] : [old];
    // An error or a reason of before is not repeated, so it must not shine through.
    return [{ ...UNKNOWN_TASK, ...old, error: undefined, reason: undefined, ...task }];
  });
  return {
    request: before?.request ?? '',
    workspace: before?.workspace ?? '',
    priority: before?.priority ?? 'normal',
    isolation: before?.isolation ?? 'worktree',
    apply: before?.apply ?? 'branch',
    seq: before?.seq ?? 0,
    ...answer,
    tasks,
  };
};
