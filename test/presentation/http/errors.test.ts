import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { expect, it } from 'vitest';
import { ConflictError, JobNotFoundError, RateLimitError } from '../../../src/domain/errors/index.ts';
import type { HttpEnv } from '../../../src/presentation/http/env.ts';
import { problemSchema } from '../../../src/presentation/wire/problem.ts';
import { ask, startHttp, withKey } from './support.ts';

const SECRET_PLACE = '/home/someone/state/orchestrator.db';

const rest = new Hono<HttpEnv>()
  .get('/job', () => {
    throw new JobNotFoundError('There is no such job.', {
      hint: 'See job_list.',
      context: { path: SECRET_PLACE },
    });
  })
  .get('/conflict', () => {
    throw new ConflictError('Someone was first.', { hint: 'Look again.', cause: new Error(SECRET_PLACE) });
  })
  .get('/busy', () => {
    throw new RateLimitError('The queue is full.', { hint: 'Wait.', retryable: true, retryAfterMs: 2500 });
  })
  .get('/fault', () => {
    throw new TypeError(`cannot read ${SECRET_PLACE}`);
  })
  .get('/text', () => Promise.reject(`a text about ${SECRET_PLACE}`))
  .get('/http', () => {
    throw new HTTPException(400, { message: 'Malformed JSON in request body' });
  });

it.each([
  ['job', 404, 'JOB_NOT_FOUND'],
  ['conflict', 409, 'CONFLICT'],
  ['busy', 429, 'API_RATE_LIMIT'],
  ['fault', 500, 'INTERNAL'],
  ['text', 500, 'INTERNAL'],
  ['http', 400, 'HTTP_BAD_REQUEST'],
  ['nothing', 404, 'HTTP_NOT_FOUND'],
])('%s: a problem of status %i, code %s, without stack, path or cause', async (path, status, code) => {
  const server = await startHttp({ parts: { rest } });
  const answer = await ask(server, { path: `/api/v1/${path}`, headers: withKey });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  const problem = problemSchema.parse(JSON.parse(answer.body));
  expect(problem).toMatchObject({
    type: 'about:blank',
    status,
    code,
    request_id: answer.headers['x-request-id'],
  });
  expect(problem.hint).not.toBe('');
  expect(answer.body).not.toMatch(/\/home|\bat .*:\d+|node_modules|TypeError/);
  expect(answer.headers['retry-after']).toBe(path === 'busy' ? '3' : undefined);
  // The cause is for the log alone.
  if (status === 500) expect(server.logText()).toContain(SECRET_PLACE);
});

it('health tells nobody anything but whether requests are taken', async () => {
  let ready = true;
  const server = await startHttp({ ready: () => ready });
  expect(await ask(server, { path: '/health/live' })).toMatchObject({
    status: 200,
    body: '{"status":"live"}',
  });
  expect((await ask(server, { path: '/health/ready' })).body).toBe('{"status":"ready"}');
  ready = false;
  expect((await ask(server, { path: '/health/live' })).status).toBe(200);
  expect(await ask(server, { path: '/health/ready' })).toMatchObject({
    status: 503,
    body: '{"status":"stopping"}',
  });
});
