import { cancelInputSchema } from '../../wire/cancel.ts';
import { jobAnswerSchema } from '../../wire/job.ts';
import { jobLinks, jobText } from '../jobText.ts';
import { defineTool } from '../tool.ts';

export const jobCancel = defineTool({
  name: 'job_cancel',
  title: 'Cancel a job or a task',
  description:
    'Stops a job for good, or kills one task of it with task_id, and returns when no process of it is left; commits made so far stay. To go on without a task, job_steer with skip is the milder way.',
  input: cancelInputSchema,
  output: jobAnswerSchema,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  handler: async (args, context) => {
    const structured = await (await context.api()).cancel(args);
    return { text: jobText(structured), structured, links: jobLinks(structured) };
  },
});
