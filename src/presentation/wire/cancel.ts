import { z } from 'zod';
import { jobIdSchema, taskIdSchema } from '../../domain/ids.ts';
import { reasonField } from './fields.ts';

export const cancelInputSchema = z.strictObject({
  job_id: jobIdSchema,
  task_id: taskIdSchema.optional(),
  reason: reasonField.optional(),
});
