import { analysisAnswerSchema, analyzeInputSchema } from '../../wire/analysis.ts';
import { inertLine } from '../../wire/inertText.ts';
import { defineTool } from '../tool.ts';

export const analyze = defineTool({
  name: 'analyze',
  title: 'Analyze a request',
  description:
    'Says, without starting anything, whether a request is worth splitting over parallel workers: complexity, a preview of the plan, how long it would take and what it would cost against one worker doing it all. Call it before orchestrate when in doubt.',
  input: analyzeInputSchema,
  output: analysisAnswerSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  handler: async (args, context) => {
    const structured = await (await context.api()).analyze(args);
    const plan = (structured.preview ?? []).slice(0, 30).map((task) => {
      const after = task.depends_on.length === 0 ? '' : ` (after ${task.depends_on.slice(0, 10).join(', ')})`;
      return `- ${task.id}: ${inertLine(task.title, 80)}${after}`;
    });
    const head = `${structured.complexity}, ${structured.suggested_workers} workers suggested. ${structured.verdict}`;
    return { text: [head, ...plan, structured.next].join('\n'), structured };
  },
});
