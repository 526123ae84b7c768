import {
  type InputRequests,
  type McpServer,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { ERROR_CODES, toOrchestratorError } from '../../../domain/errors/index.ts';
import { jobIdSchema } from '../../../domain/ids.ts';
import type { OrchestratorApi } from '../../wire/api.ts';
import { errorToWire } from '../../wire/error.ts';
import type { JobAnswer } from '../../wire/job.ts';
import { abilitiesOf, EXTENSIONS } from '../clientAbilities.ts';
import type { Asked } from '../elicit/asked.ts';
import { inputRequestsFor, takeResponses } from '../elicit/inputRounds.ts';
import { openApprovals } from '../elicit/openApprovals.ts';
import type { ApiProvider } from '../provider.ts';
import type { ToolContext } from '../tool.ts';
import { jobResult } from '../tools/jobResult.ts';
import { jobTask } from './jobTask.ts';

const taskIdParams = z.looseObject({
  taskId: z.string().max(300),
  inputResponses: z.record(z.string(), z.unknown()).optional(),
});

type Responses = Readonly<Record<string, unknown>>;

const ENDED: ReadonlySet<JobAnswer['status']> = new Set(['succeeded', 'failed', 'cancelled']);

/** What a request about tasks is answered with whose client did not declare the extension. */
export const missingTasksAbility = (): MissingRequiredClientCapabilityError =>
  new MissingRequiredClientCapabilityError({
    requiredCapabilities: { extensions: { [EXTENSIONS.tasks]: {} } },
  });

/** The extension has -32602 for whatever is no task of the caller's, be it unknown or another's. */
const taskError = (thrown: unknown): ProtocolError => {
  if (thrown instanceof ProtocolError) return thrown;
  const error = toOrchestratorError(thrown);
  const wire = errorToWire(error);
  return new ProtocolError(ERROR_CODES[error.code].jsonRpc, `${wire.message} ${wire.hint}`, wire);
};

const jobIdOf = (taskId: string): string => {
  const { data } = jobIdSchema.safeParse(taskId);
  if (data === undefined) {
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      'There is no such task. A task has the id of its job; job_list shows the jobs there are.',
    );
  }
  return data;
};

/**
 * Registers `tasks/get`, `tasks/update` and `tasks/cancel` of the Tasks extension. A task is a job under another
 * name: nothing is stored for it, and every call goes through the caller's own view of the jobs.
 */
export const registerTaskMethods = (
  server: McpServer,
  provider: ApiProvider,
  toolContext: (context: ServerContext) => ToolContext,
  asked: Asked,
): void => {
  const add = (
    method: string,
    answer: (
      api: OrchestratorApi,
      jobId: string,
      context: ServerContext,
      responses: Responses,
    ) => Promise<object>,
  ): void =>
    server.server.setRequestHandler(method, { params: taskIdParams }, async (params, context) => {
      const { taskId } = params;
      const responses = params.inputResponses ?? context.mcpReq.inputResponses ?? {};
      if (!abilitiesOf(context).tasks) throw missingTasksAbility();
      try {
        return { ...(await answer(await provider(), jobIdOf(taskId), context, responses)) };
      } catch (thrown) {
        throw taskError(thrown);
      }
    });

  /** What the client may put to its person until it has said something: asked again, it is the same question. */
  const questions = async (
    api: OrchestratorApi,
    jobId: string,
    context: ServerContext,
  ): Promise<InputRequests> => {
    const job = await api.status(jobId);
    if (job.approvals === undefined) return {};
    const open = await openApprovals(api, { ...job, approvals: job.approvals });
    const id = open.find((each) => !asked.isAnswered(each));
    if (id === undefined) return {};
    const requests = await inputRequestsFor(api, id, abilitiesOf(context).elicitation);
    if (Object.keys(requests).length > 0) asked.first(id);
    return requests;
  };

  add('tasks/get', async (api, jobId, context) =>
    jobTask(
      await api.whole(jobId),
      () => jobResult.call({ job_id: jobId }, toolContext(context)),
      () => questions(api, jobId, context),
    ),
  );
  add('tasks/update', async (api, jobId, _context, responses) => {
    await api.status(jobId);
    // The acknowledgement has no place for a refusal: the task goes on saying what it waits for.
    await takeResponses(api, asked, responses);
    return {};
  });
  add('tasks/cancel', async (api, jobId) => {
    const { status } = await api.status(jobId);
    if (!ENDED.has(status)) await api.cancel({ job_id: jobId, reason: 'Cancelled by the client.' });
    return {};
  });
};
