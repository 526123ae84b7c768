import { isInputRequiredResult, type McpServer, type ServerContext } from '@modelcontextprotocol/server';
import { jobAnswerSchema } from '../wire/job.ts';
import { abilitiesOf } from './clientAbilities.ts';
import type { Answer, Elicitation } from './elicit/elicitation.ts';
import { publishedSchema } from './publishedSchema.ts';
import { newJobTask } from './tasks/jobTask.ts';
import type { Tool, ToolContext } from './tool.ts';

const ENDS_WITH_A_TASK = 'orchestrate';

/**
 * The answer of `orchestrate` as a task handle, where the client takes one and the job has not ended. The answer
 * itself stays beside it: a result may have more fields, and whoever does not look for a task finds the job.
 */
const asTask = (result: Answer): Answer => {
  if (isInputRequiredResult(result)) return result;
  const { data: job } = jobAnswerSchema.safeParse(result.structuredContent);
  if (result.isError === true || job === undefined) return result;
  const task = newJobTask(job);
  return task.status === 'working' || task.status === 'input_required'
    ? { ...result, ...task, resultType: 'task' }
    : result;
};

/** Registers `tools` as clients see them: lean schemas, all four annotations, our own errors. */
export const registerTools = (
  server: McpServer,
  tools: readonly Tool[],
  toolContext: (context: ServerContext) => ToolContext,
  elicitation: Elicitation,
): void => {
  for (const tool of tools) {
    server.registerTool(
      tool.name,
      {
        title: tool.title,
        description: tool.description,
        inputSchema: publishedSchema(tool.input, 'input'),
        outputSchema: publishedSchema(tool.output, 'output'),
        annotations: tool.annotations,
      },
      async (args, context) => {
        const result = await elicitation.call(tool, args, context, toolContext(context));
        return tool.name === ENDS_WITH_A_TASK && abilitiesOf(context).tasks ? asTask(result) : result;
      },
    );
  }
};
