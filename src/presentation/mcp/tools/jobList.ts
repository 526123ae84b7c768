import { jobListAnswerSchema, jobListInputSchema } from '../../wire/jobList.ts';
import { defineTool } from '../tool.ts';

export const jobList = defineTool({
  name: 'job_list',
  title: 'List jobs',
  description:
    'Which jobs there are, newest first, all or by status, with their ids. Page by page: pass next_cursor as cursor.',
  input: jobListInputSchema,
  output: jobListAnswerSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  handler: async (args, context) => {
    const structured = await (await context.api()).list(args);
    const lines = structured.jobs.map(
      (job) => `- ${job.job_id} ${job.status} ${job.progress.done}/${job.progress.total}: ${job.request}`,
    );
    return {
      text: lines.length === 0 ? 'There are no such jobs. Start one with orchestrate.' : lines.join('\n'),
      structured,
    };
  },
});
