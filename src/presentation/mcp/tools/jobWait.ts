import { z } from 'zod';
import { jobIdSchema } from '../../../domain/ids.ts';
import { waitSecondsField } from '../../wire/fields.ts';
import { jobAnswerSchema } from '../../wire/job.ts';
import { jobLinks, jobText } from '../jobText.ts';
import { defineTool } from '../tool.ts';

export const jobWait = defineTool({
  name: 'job_wait',
  title: 'Wait for a job',
  description:
    'Waits until the job has ended or needs a person, at most wait_seconds (0 to 45), with progress notifications. This is how to follow a job: call it again until it is finished. Cancelling the call does not cancel the job.',
  input: z.strictObject({ job_id: jobIdSchema, wait_seconds: waitSecondsField.default(30) }),
  output: jobAnswerSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  handler: async ({ job_id, wait_seconds }, context) => {
    const structured = await (await context.api()).wait(job_id, wait_seconds, context);
    return { text: jobText(structured), structured, links: jobLinks(structured) };
  },
});
