import { z } from 'zod';
import { healthAnswerSchema } from '../../wire/health.ts';
import { defineTool } from '../tool.ts';

export const systemHealth = defineTool({
  name: 'system_health',
  title: 'Check the orchestrator',
  description:
    'Is the orchestrator itself all right: workers free and busy, queue, memory, versions, whether the Claude CLI was found, and what is wrong. Call it when no job starts.',
  input: z.strictObject({}),
  output: healthAnswerSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  handler: async (_args, context) => {
    const structured = await (await context.api()).health();
    const { workers, queue, claude, approvals } = structured;
    return {
      text: [
        `${structured.status}: ${workers.busy} of ${workers.limit} workers busy, ${queue.open_tasks} tasks open in ${queue.jobs_running} jobs.`,
        claude === undefined
          ? 'The Claude CLI was not found.'
          : `Claude CLI ${claude.version}, credentials: ${claude.credentials ? 'yes' : 'no'}.`,
        `${approvals.open} approvals open${approvals.open === 0 ? '' : ' (list_approvals)'}.`,
        ...(approvals.person_is_set
          ? []
          : [
              'Nobody can approve as a person yet: the user sets a passphrase by "claude-orchestrator init" in a terminal.',
            ]),
        ...structured.problems,
      ].join('\n'),
      structured,
    };
  },
});
