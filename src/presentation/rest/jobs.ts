import { z } from 'zod';
import { jobStatusSchema } from '../../domain/job.ts';
import { cancelInputSchema } from '../wire/cancel.ts';
import { jobListInputSchema } from '../wire/jobList.ts';
import { steerInputSchema } from '../wire/steer.ts';
import { approversFor } from '../wire/surroundings.ts';
import { OF_THE_WHOLE_JOB } from '../wire/wholeJob.ts';
import { jobParams, numberText } from './input.ts';
import { createJobTexts, isKnown } from './jobAnswerCache.ts';
import { defineRoute, type Mounted, none } from './route.ts';

const job = (description: string) =>
  ({
    description,
    content: { 'application/json': { schema: 'JobAnswer' } },
  }) as const;

const listQuery = z.strictObject({
  status: jobStatusSchema.optional().describe('Only jobs with this status'),
  limit: numberText(jobListInputSchema.shape.limit).describe('Jobs of one page; pages have 50 at most'),
  cursor: jobListInputSchema.shape.cursor.describe('`next_cursor` of the page before'),
});

const list = defineRoute({
  method: 'get',
  path: '/jobs',
  id: 'listJobs',
  tag: 'jobs',
  summary: 'Jobs, newest first',
  description: 'The jobs that the credential may see. The header `Link` leads to the next page.',
  params: none,
  query: listQuery,
  body: none,
  answers: {
    200: {
      description: 'One page.',
      headers: { Link: 'The next page, `rel="next"`; absent on the last one' },
      content: { 'application/json': { schema: 'JobListAnswer' } },
    },
  },
  handle: async (c, { query }) => {
    const page = await c.get('api').list(query);
    if (page.next_cursor !== undefined) {
      const search = new URLSearchParams({
        ...(query.status === undefined ? {} : { status: query.status }),
        limit: String(query.limit),
        cursor: page.next_cursor,
      });
      c.header('Link', `<${c.req.path}?${search}>; rel="next"`);
    }
    return c.json(page);
  },
});

const status = (): Mounted => {
  const texts = createJobTexts();
  return defineRoute({
    method: 'get',
    path: '/jobs/{job_id}',
    id: 'getJob',
    tag: 'jobs',
    summary: 'A job as it stands',
    description: `Cheap to ask for again with \`If-None-Match\`. \`view=whole\`: ${OF_THE_WHOLE_JOB}.`,
    params: jobParams,
    query: z.strictObject({
      view: z.enum(['short', 'whole']).default('short').describe('`whole`: every task with its prompt'),
    }),
    body: none,
    headers: { 'If-None-Match': 'The `ETag` that is known' },
    answers: {
      200: {
        description: 'The job; with `view=whole` a `WholeJobAnswer`.',
        headers: { ETag: 'Names this state of the job' },
        content: { 'application/json': { schema: 'AnyJobAnswer' } },
      },
      304: { description: 'Nothing has changed since the `ETag` that was sent.' },
    },
    problems: [404],
    handle: async (c, { params, query }) => {
      const view = await c.get('orchestrator').status(params.job_id);
      const approvers = await approversFor(c.get('surroundings'), view);
      const { text, etag } = texts(view, query.view === 'whole', approvers);
      const headers = { ETag: etag, 'Cache-Control': 'private, no-cache' };
      if (isKnown(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers);
      return c.body(text, 200, { ...headers, 'Content-Type': 'application/json' });
    },
  });
};

const result = defineRoute({
  method: 'get',
  path: '/jobs/{job_id}/result',
  id: 'getResult',
  tag: 'jobs',
  summary: "A job's outcome",
  description: 'What the workers said, the changes in numbers, failures with what to do, and the receipt.',
  params: jobParams,
  query: none,
  body: none,
  answers: {
    200: {
      description: 'So far, or in the end.',
      content: { 'application/json': { schema: 'ResultAnswer' } },
    },
  },
  problems: [404],
  handle: async (c, { params }) => c.json(await c.get('api').result(params.job_id)),
});

const diff = defineRoute({
  method: 'get',
  path: '/jobs/{job_id}/diff',
  id: 'getDiff',
  tag: 'jobs',
  summary: "A job's changes",
  description: 'From the base of the job to its result; empty where there is none.',
  params: jobParams,
  query: none,
  body: none,
  answers: {
    200: {
      description: 'A unified diff, at most 5 million characters.',
      content: {
        'text/x-diff': {
          text: 'Unified diff',
          example: '--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-old\n+new\n',
        },
      },
    },
  },
  problems: [404],
  handle: async (c, { params }) =>
    c.body(await c.get('api').diff(params.job_id), 200, { 'Content-Type': 'text/x-diff; charset=utf-8' }),
});

const cancel = defineRoute({
  method: 'post',
  path: '/jobs/{job_id}/cancel',
  id: 'cancelJob',
  tag: 'jobs',
  summary: 'Cancels a job, or one task of it',
  description: 'Answers when no process of it is left. What was done stays.',
  params: jobParams,
  query: none,
  body: cancelInputSchema.omit({ job_id: true }),
  bodyName: 'CancelInput',
  answers: { 200: job('The job as it stands now.') },
  problems: [404, 409],
  handle: async (c, { params, body }) => c.json(await c.get('api').cancel({ ...params, ...body })),
});

const steer = defineRoute({
  method: 'post',
  path: '/jobs/{job_id}/steer',
  id: 'steerJob',
  tag: 'jobs',
  summary: 'Retries or skips a task, or tells its worker something',
  description: '`retry` without a task opens all failed ones again, also of a job that has failed.',
  params: jobParams,
  query: none,
  body: steerInputSchema.omit({ job_id: true }),
  bodyName: 'SteerInput',
  answers: { 200: job('The job as it stands now.') },
  problems: [404, 409],
  handle: async (c, { params, body }) => c.json(await c.get('api').steer({ ...params, ...body })),
});

/** Jobs that there are. */
export const jobRoutes = (): readonly Mounted[] => [list, status(), result, diff, cancel, steer];
