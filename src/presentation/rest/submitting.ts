import PQueue from 'p-queue';
import { z } from 'zod';
import { TaskValidationError } from '../../domain/errors/index.ts';
import { problemOf } from '../http/problem.ts';
import { analyzeInputSchema } from '../wire/analysis.ts';
import type { OrchestratorApi } from '../wire/api.ts';
import { BATCH_REQUESTS, type BatchItem } from '../wire/batch.ts';
import { invalidArguments } from '../wire/invalidArguments.ts';
import { orchestrateInputSchema, submitInputSchema } from '../wire/jobSpec.ts';
import { defineRoute, type Mounted, none } from './route.ts';
import type { RestContext } from './routeShape.ts';

/** Requests of one batch that are worked on at once: each looks at a repository. */
const BATCH_CONCURRENCY = 4;

const keyField = orchestrateInputSchema.shape.idempotency_key;

/** The one key of a request, from its header or its body. @throws TaskValidationError where they differ. */
const idempotencyKey = (c: RestContext, inBody: string | undefined): string | undefined => {
  const header = c.req.header('idempotency-key');
  if (header === undefined) return inBody;
  const parsed = keyField.safeParse(header);
  if (!parsed.success) throw invalidArguments('Idempotency-Key', parsed.error);
  if (inBody !== undefined && inBody !== header) {
    throw new TaskValidationError('The header Idempotency-Key and the field idempotency_key differ.', {
      hint: 'Send one of them; nothing was started.',
    });
  }
  return header;
};

const orchestrate = defineRoute({
  method: 'post',
  path: '/orchestrate',
  id: 'orchestrate',
  tag: 'jobs',
  summary: 'Submits a job',
  description:
    'Answers as soon as the job is durable; with `wait_seconds` when it has ended, wants a person, or the time is over.',
  params: none,
  query: none,
  body: orchestrateInputSchema,
  bodyName: 'OrchestrateInput',
  headers: { 'Idempotency-Key': 'Same key and body = same job; the same as the field `idempotency_key`' },
  answers: {
    202: {
      description: 'The job.',
      headers: { Location: 'Where the job is' },
      content: { 'application/json': { schema: 'JobAnswer' } },
    },
  },
  problems: [409],
  handle: async (c, { body }) => {
    const { wait_seconds: seconds, ...request } = body;
    const api = c.get('api');
    const job = await api.submit({
      ...request,
      idempotency_key: idempotencyKey(c, request.idempotency_key),
    });
    c.header('Location', c.req.path.replace(/orchestrate$/, `jobs/${job.job_id}`));
    if (seconds === 0) return c.json(job, 202);
    const watch = { signal: c.req.raw.signal, onProgress: () => undefined };
    return c.json(await api.wait(job.job_id, seconds, watch), 202);
  },
});

const analyze = defineRoute({
  method: 'post',
  path: '/analyze',
  id: 'analyze',
  tag: 'jobs',
  summary: 'Looks at a request without starting it',
  description: 'How hard it is, whether it can be split, what it would cost. Calls no model.',
  params: none,
  query: none,
  body: analyzeInputSchema,
  bodyName: 'AnalyzeInput',
  answers: {
    200: { description: 'The analysis.', content: { 'application/json': { schema: 'AnalysisAnswer' } } },
  },
  handle: async (c, { body }) => c.json(await c.get('api').analyze(body)),
});

const submitOne = async (api: OrchestratorApi, request: unknown, index: number): Promise<BatchItem> => {
  try {
    const parsed = submitInputSchema.safeParse(request);
    if (!parsed.success) throw invalidArguments(`requests[${index}]`, parsed.error);
    return { index, status: 202, job: await api.submit(parsed.data) };
  } catch (thrown) {
    const error = problemOf(thrown);
    return { index, status: error.status, error };
  }
};

const batch = defineRoute({
  method: 'post',
  path: '/batch',
  id: 'batch',
  tag: 'jobs',
  summary: 'Submits up to 100 jobs',
  description: 'In their order. Each has its own answer: one that is refused does not stop the others.',
  params: none,
  query: none,
  // Each request is checked by itself, so that a wrong one is its own error only.
  body: z.strictObject({ requests: z.array(z.unknown()).min(1).max(BATCH_REQUESTS) }),
  bodyName: 'BatchInput',
  answers: {
    207: {
      description: 'One answer a request.',
      content: { 'application/json': { schema: 'BatchAnswer' } },
    },
  },
  handle: async (c, { body }) => {
    const api = c.get('api');
    const queue = new PQueue({ concurrency: BATCH_CONCURRENCY });
    const answers = await queue.addAll(
      body.requests.map((request, index) => () => submitOne(api, request, index)),
    );
    return c.json({ answers }, 207);
  },
});

export const submittingRoutes: readonly Mounted[] = [orchestrate, analyze, batch];
