import {
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
import type { ApiProvider } from '../provider.ts';
import type { ToolContext } from '../tool.ts';
import { jobResult } from '../tools/jobResult.ts';
import { jobTask } from './jobTask.ts';

const taskIdParams = z.looseObject({ taskId: z.string().max(300) });

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
): void => {
  const add = (
    method: string,
    answer: (api: OrchestratorApi, jobId: string, context: ServerContext) => Promise<object>,
  ): void =>
    server.server.setRequestHandler(method, { params: taskIdParams }, async ({ taskId }, context) => {
      if (!abilitiesOf(context).tasks) throw missingTasksAbility();
      try {
        return { ...(await answer(await provider(), jobIdOf(taskId), context)) };
      } catch (thrown) {
        throw taskError(thrown);
      }
    });

  add('tasks/get', async (api, jobId, context) =>
    jobTask(await api.whole(jobId), () => jobResult.call({ job_id: jobId }, toolContext(context))),
  );
  // No job asks its client for input this way: a response can only be to a request that was never made.
  add('tasks/update', async (api, jobId) => {
    await api.status(jobId);
    return {};
  });
  add('tasks/cancel', async (api, jobId) => {
    const { status } = await api.status(jobId);
    if (!ENDED.has(status)) await api.cancel({ job_id: jobId, reason: 'Cancelled by the client.' });
    return {};
  });
};
