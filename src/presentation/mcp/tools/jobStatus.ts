import { z } from 'zod';
import { jobIdSchema } from '../../../domain/ids.ts';
import { jobAnswerSchema } from '../../wire/job.ts';
import { jobLinks, jobText } from '../jobText.ts';
import { defineTool } from '../tool.ts';

export const jobStatus = defineTool({
  name: 'job_status',
  title: 'Look at a job',
  description: 'Where a job and its tasks stand now. To follow a job, call job_wait instead.',
  input: z.strictObject({ job_id: jobIdSchema }),
  output: jobAnswerSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  handler: async ({ job_id }, context) => {
    const structured = await (await context.api()).status(job_id);
    return { text: jobText(structured), structured, links: jobLinks(structured) };
  },
});
