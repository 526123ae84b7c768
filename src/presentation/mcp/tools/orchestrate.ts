import { jobAnswerSchema } from '../../wire/job.ts';
import { orchestrateInputSchema } from '../../wire/jobSpec.ts';
import { jobLinks, jobText } from '../jobText.ts';
import { defineTool } from '../tool.ts';

export const orchestrate = defineTool({
  name: 'orchestrate',
  title: 'Start a job',
  description: [
    'Starts a job that gets a large piece of work in a git repository done by several Claude Code workers in parallel, each task in its own worktree, verified by its command and merged in dependency order onto branch orchestrator/<job>.',
    'Returns at once with a job_id (or waits wait_seconds, at most 45); then call job_wait. Give tasks with depends_on and verify when you know the split: they win over automatic planning.',
  ].join(' '),
  input: orchestrateInputSchema,
  output: jobAnswerSchema,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  handler: async ({ wait_seconds, ...input }, context) => {
    const api = await context.api();
    const submitted = await api.submit(input);
    const structured = wait_seconds > 0 ? await api.wait(submitted.job_id, wait_seconds, context) : submitted;
    return { text: jobText(structured), structured, links: jobLinks(structured) };
  },
});
