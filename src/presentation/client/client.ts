import { toOrchestratorError } from '../../domain/errors/index.ts';
import { jobIdSchema, taskIdSchema } from '../../domain/ids.ts';
import { analysisAnswerSchema } from '../wire/analysis.ts';
import { batchAnswerSchema } from '../wire/batch.ts';
import { cancelInputSchema } from '../wire/cancel.ts';
import { eventsAnswerSchema, followedEventSchema } from '../wire/event.ts';
import { healthAnswerSchema } from '../wire/health.ts';
import { read } from '../wire/invalidArguments.ts';
import { jobAnswerSchema } from '../wire/job.ts';
import { jobListAnswerSchema } from '../wire/jobList.ts';
import { resultAnswerSchema } from '../wire/result.ts';
import { steerInputSchema } from '../wire/steer.ts';
import { systemAnswerSchema } from '../wire/system.ts';
import { taskLogInputSchema, taskOutputAnswerSchema } from '../wire/taskOutput.ts';
import { wholeJobAnswerSchema } from '../wire/wholeJob.ts';
import { workersAnswerSchema } from '../wire/workers.ts';
import { accountCalls } from './accountCalls.ts';
import type { OrchestratorClient } from './api.ts';
import { approvalCalls } from './approvalCalls.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { jobEvents, taskLog, waitForJob } from './jobStreams.ts';
import { query } from './query.ts';
import { stay } from './stayingStream.ts';

export type { OrchestratorClient } from './api.ts';

const API = '/api/v1';

/** A client of the server at `options.url`. Nothing is connected before the first call. */
export const createClient = (options: ConnectionOptions): OrchestratorClient => {
  const connection = new Connection(options);
  // An id is part of a path: it is looked at before it goes out.
  const jobPath = (id: string): string => `${API}/jobs/${read('job_id', jobIdSchema, id)}`;
  const taskPath = (id: string, task: string): string =>
    `${jobPath(id)}/tasks/${read('task_id', taskIdSchema, task)}`;
  const status: OrchestratorClient['status'] = async (id) =>
    connection.json('GET', jobPath(id), jobAnswerSchema);

  return {
    url: connection.url,
    analyze: async (body) => connection.json('POST', `${API}/analyze`, analysisAnswerSchema, { body }),
    submit: async (body) => connection.json('POST', `${API}/orchestrate`, jobAnswerSchema, { body }),
    batch: async (requests) =>
      connection.json('POST', `${API}/batch`, batchAnswerSchema, { body: { requests } }),
    status,
    whole: async (id) => connection.json('GET', `${jobPath(id)}?view=whole`, wholeJobAnswerSchema),
    wait: async (id, seconds, watch) => {
      const answer = await waitForJob(connection, `${jobPath(id)}/wait${query({ seconds })}`, watch);
      return answer ?? status(id);
    },
    result: async (id) => connection.json('GET', `${jobPath(id)}/result`, resultAnswerSchema),
    list: async ({ status, limit, cursor }) =>
      connection.json('GET', `${API}/jobs${query({ status, limit, cursor })}`, jobListAnswerSchema),
    cancel: async (input) => {
      const { job_id, ...body } = read('job_cancel', cancelInputSchema, input);
      return connection.json('POST', `${jobPath(job_id)}/cancel`, jobAnswerSchema, { body });
    },
    steer: async (input) => {
      const { job_id, ...body } = read('job_steer', steerInputSchema, input);
      return connection.json('POST', `${jobPath(job_id)}/steer`, jobAnswerSchema, { body });
    },
    taskOutput: async (input) => {
      const { job_id, task_id, offset, limit } = read('task_output', taskLogInputSchema, input);
      const path = `${taskPath(job_id, task_id)}/log${query({ offset, limit })}`;
      return connection.json('GET', path, taskOutputAnswerSchema);
    },
    events: async (id, after, limit) =>
      connection.json('GET', `${jobPath(id)}/events${query({ after, limit })}`, eventsAnswerSchema),
    diff: async (id) => connection.text('GET', `${jobPath(id)}/diff`, { accept: 'text/x-diff, */*;q=0.1' }),
    health: async () => connection.json('GET', `${API}/system`, healthAnswerSchema),
    system: async () => connection.json('GET', `${API}/system`, systemAnswerSchema),
    workers: async () => connection.json('GET', `${API}/workers`, workersAnswerSchema),
    jobEvents: async (id, given) =>
      jobEvents(connection, `${jobPath(id)}/events${query({ after: given.after })}`, given),
    taskLog: async (id, task, given) =>
      taskLog(connection, `${taskPath(id, task)}/log${query({ offset: given.offset })}`, given),
    follow: (listener, { onGap, onRefused } = {}) => {
      const ended = new AbortController();
      const path = `${API}/events`;
      stay(connection, {
        path,
        signal: ended.signal,
        lastEventId: () => undefined,
        onAgain: onGap,
        onEvent: ({ event, data }) => {
          if (event === 'happening') listener(connection.parse(followedEventSchema, data, path));
        },
      }).catch((error: unknown) => onRefused?.(toOrchestratorError(error)));
      return () => ended.abort();
    },
    ...approvalCalls(connection, API),
    ...accountCalls(connection, API),
  };
};
