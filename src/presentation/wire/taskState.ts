import type { Waiting } from './approval.ts';
import type { TaskAnswer } from './task.ts';

/**
 * The approval that a task stands still for.
 * @param waiting what waits of its job.
 * @returns its id; undefined where the task works, or has come to its end.
 */
export const approvalOf = (
  { id, status }: Pick<TaskAnswer, 'id' | 'status'>,
  waiting: Waiting | undefined,
): string | undefined => {
  if (waiting === undefined || (status !== 'running' && status !== 'parked')) return undefined;
  return (waiting.by_task ?? [waiting.first]).find(({ task_id }) => task_id === id)?.approval_id;
};

/** `running, waits for approval apr_…`; the status alone where the task waits for nobody. */
export const taskState = (task: Pick<TaskAnswer, 'id' | 'status'>, waiting: Waiting | undefined): string => {
  const approval = approvalOf(task, waiting);
  return approval === undefined ? task.status : `${task.status}, waits for approval ${approval}`;
};
