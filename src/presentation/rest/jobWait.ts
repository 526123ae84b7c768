import { z } from 'zod';
import type { OpenStreams } from '../http/openStreams.ts';
import { problemOf } from '../http/problem.ts';
import { openSse } from '../http/sse.ts';
import { waitSecondsField } from '../wire/fields.ts';
import { jobParams, numberText } from './input.ts';
import { defineRoute, type Mounted, none } from './route.ts';

const WAIT_SECONDS = 30;

/** Waits for a job, with its progress. */
export const jobWaitRoutes = (streams: OpenStreams): readonly Mounted[] => [
  defineRoute({
    method: 'get',
    path: '/jobs/{job_id}/wait',
    id: 'waitForJob',
    tag: 'jobs',
    summary: 'Waits until a job has ended or wants a person',
    description:
      'A stream: `progress` as it comes, then one `job` (or `error`, a problem), then its end. Hanging up ends the wait, never the job.',
    params: jobParams,
    query: z.strictObject({
      seconds: numberText(waitSecondsField).default(WAIT_SECONDS).describe('Longest wait'),
    }),
    body: none,
    answers: {
      200: {
        description: 'Events of the wait.',
        content: {
          'text/event-stream': {
            text: 'Events `progress` {done, total, ended, message?}, then `job` with a `JobAnswer`.',
            example:
              'event: progress\ndata: {"done":1,"total":3,"ended":false,"message":"t1 done (proved)"}\n\n',
          },
        },
      },
    },
    problems: [404],
    handle: async (c, { params, query }) => {
      // An unknown job is a problem of its own, not an event.
      await c.get('orchestrator').status(params.job_id);
      const sse = openSse(c, { streams });
      const onProgress = (data: unknown): void => {
        sse.send({ event: 'progress', data });
      };
      c.get('api')
        .wait(params.job_id, query.seconds, { signal: sse.closed, onProgress })
        .then(
          (data) => sse.send({ event: 'job', data }),
          (thrown: unknown) => sse.send({ event: 'error', data: problemOf(thrown, c.get('requestId')) }),
        )
        .finally(sse.end);
      return sse.response;
    },
  }),
];
