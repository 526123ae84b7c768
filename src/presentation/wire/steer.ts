import { z } from 'zod';
import type { Steer } from '../../application/api.ts';
import { TaskValidationError } from '../../domain/errors/index.ts';
import { jobIdSchema, taskIdSchema } from '../../domain/ids.ts';
import { promptSchema } from '../../domain/task.ts';
import { reasonField } from './fields.ts';

export const steerInputSchema = z.strictObject({
  job_id: jobIdSchema,
  action: z.enum(['retry', 'skip', 'message']),
  task_id: taskIdSchema.optional().describe('Required for skip and message'),
  message: promptSchema.optional().describe('For message: what the worker is told'),
  reason: reasonField.optional(),
});

const missing = (action: string, field: string): TaskValidationError =>
  new TaskValidationError(`Invalid arguments for job_steer: ${field}: action "${action}" needs it.`, {
    hint: `Call again with ${field}; job_status lists the tasks.`,
  });

/** @throws TaskValidationError where the action lacks a field that it needs. */
export const steerFromWire = (input: z.infer<typeof steerInputSchema>): Steer => {
  const { action, task_id: taskId, message, reason } = input;
  if (action === 'retry') return { action, ...(taskId === undefined ? {} : { taskId }) };
  if (taskId === undefined) throw missing(action, 'task_id');
  if (action === 'skip') return { action, taskId, ...(reason === undefined ? {} : { reason }) };
  if (message === undefined) throw missing(action, 'message');
  return { action, taskId, message };
};
