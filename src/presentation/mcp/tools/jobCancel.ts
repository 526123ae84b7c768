import { z } from 'zod';
import { jobIdSchema, taskIdSchema } from '../../../domain/ids.ts';
import { reasonField } from '../../wire/fields.ts';
import { jobAnswerSchema, jobToWire } from '../../wire/job.ts';
import { jobLinks, jobText } from '../jobText.ts';
import { defineTool } from '../tool.ts';

export const jobCancel = defineTool({
  name: 'job_cancel',
  title: 'Cancel a job or a task',
  description:
    'Ends a job, or one task of it with task_id. Returns when no process of it is left; commits made so far stay.',
  input: z.strictObject({
    job_id: jobIdSchema,
    task_id: taskIdSchema.optional(),
    reason: reasonField.optional(),
  }),
  output: jobAnswerSchema,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  handler: async ({ job_id, task_id, reason }, context) => {
    const orchestrator = await context.orchestrator();
    const view = await orchestrator.cancel(job_id, task_id, reason ?? 'Cancelled by the client.');
    const structured = jobToWire(view);
    return { text: jobText(structured), structured, links: jobLinks(structured) };
  },
});
