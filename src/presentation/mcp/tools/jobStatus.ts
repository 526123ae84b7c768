import { z } from 'zod';
import { jobIdSchema } from '../../../domain/ids.ts';
import { jobAnswerSchema } from '../../wire/job.ts';
import { jobLinks, jobText } from '../jobText.ts';
import { defineTool } from '../tool.ts';

export const jobStatus = defineTool({
  name: 'job_status',
  title: 'Look at a job',
  description:
    'How far a job is right now: which of its tasks are running, done or failed at this moment. Returns at once. To follow it to the end call job_wait; for what came out of it, job_result.',
  input: z.strictObject({ job_id: jobIdSchema }),
  output: jobAnswerSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  handler: async ({ job_id }, context) => {
    const structured = await (await context.api()).status(job_id);
    return { text: jobText(structured), structured, links: jobLinks(structured) };
  },
});
