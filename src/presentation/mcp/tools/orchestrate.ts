import { jobAnswerSchema, jobToWire } from '../../wire/job.ts';
import { jobSpecFromWire, orchestrateInputSchema } from '../../wire/jobSpec.ts';
import { jobLinks, jobText } from '../jobText.ts';
import { defineTool } from '../tool.ts';
import { waitForEnd } from '../waitForEnd.ts';

export const orchestrate = defineTool({
  name: 'orchestrate',
  title: 'Start a job',
  description: [
    'Gets a large piece of work in a git repository done by several Claude Code workers at once, each task in its own worktree, verified by its command and merged in dependency order onto branch orchestrator/<job>.',
    'Returns at once with a job_id (or waits wait_seconds, at most 45); then call job_wait. Give tasks with depends_on and verify when you know the split: they win over automatic planning.',
  ].join(' '),
  input: orchestrateInputSchema,
  output: jobAnswerSchema,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  handler: async (args, context) => {
    const orchestrator = await context.orchestrator();
    const { view, created } = await orchestrator.submit(jobSpecFromWire(args), args.idempotency_key);
    const waits = args.wait_seconds > 0;
    const seen = waits ? await waitForEnd(orchestrator, view.job.id, args.wait_seconds, context) : view;
    const structured = jobToWire(seen, { submitted: created && !waits });
    return { text: jobText(structured), structured, links: jobLinks(structured) };
  },
});
