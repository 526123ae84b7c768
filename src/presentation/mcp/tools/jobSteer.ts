import { jobAnswerSchema } from '../../wire/job.ts';
import { steerInputSchema } from '../../wire/steer.ts';
import { jobLinks, jobText } from '../jobText.ts';
import { defineTool } from '../tool.ts';

export const jobSteer = defineTool({
  name: 'job_steer',
  title: 'Steer a job',
  description:
    'Changes the course of a job. retry: try failed work again (all of it, or task_id); a job stopped for its denials needs a person for it. skip: give task_id up and go on without it. message: tell the running worker of task_id something.',
  input: steerInputSchema,
  output: jobAnswerSchema,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  handler: async (args, context) => {
    const structured = await (await context.api()).steer(args);
    return { text: jobText(structured), structured, links: jobLinks(structured) };
  },
});
