import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  AuthenticationError,
  ConflictError,
  ERROR_CODES,
  JobNotFoundError,
  OrchestratorError,
  RateLimitError,
  TaskValidationError,
} from '../../../src/domain/errors/index.ts';
import { createClient } from '../../../src/presentation/client/client.ts';
import {
  errorOfProblem,
  ServerAnswerError,
  ServerUnreachableError,
} from '../../../src/presentation/client/errors.ts';
import type { WaitProgress } from '../../../src/presentation/wire/api.ts';
import { localApi } from '../../../src/presentation/wire/localApi.ts';
import { createFixtureOrchestrator } from '../../support/mcp/fixtureOrchestrator.ts';
import { clientOf, NO_JOB, request, startRest } from '../rest/support.ts';

/** A server that answers every request alike. */
const answering = async (status: number, type: string, body: string): Promise<string> => {
  const server = createServer((_, response) =>
    response.writeHead(status, { 'content-type': type }).end(body),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
};

const errorOf = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no error',
    (error: unknown) => error,
  );

describe('the client', () => {
  it('gives what the orchestrator in this process gives, call by call', async () => {
    const far = clientOf(await startRest());
    const near = localApi(createFixtureOrchestrator());
    const made = await far.submit(request);
    expect(made).toEqual(await near.submit(request));
    const id = made.job_id;
    for (const api of [far, near])
      await api.steer({ job_id: id, action: 'message', task_id: 'a', message: 'start' });
    expect(await far.status(id)).toEqual(await near.status(id));
    expect(await far.whole(id)).toEqual(await near.whole(id));
    expect(await far.result(id)).toEqual(await near.result(id));
    expect(await far.list({ limit: 3, status: 'running' })).toEqual(
      await near.list({ limit: 3, status: 'running' }),
    );
    expect(await far.events(id, 0, 1)).toEqual(await near.events(id, 0, 1));
    expect(await far.diff(id)).toBe(await near.diff(id));
    expect(await far.analyze({ request: 'x', workspace: '/w' })).toEqual(
      await near.analyze({ request: 'x', workspace: '/w' }),
    );
    const log = { job_id: id, task_id: 'a', offset: 1, limit: 2 };
    expect(await far.taskOutput(log)).toEqual(await near.taskOutput(log));
    expect((await far.health()).status).toBe('ok');
    expect(await far.cancel({ job_id: id, task_id: 'b', reason: 'enough' })).toEqual(
      await near.cancel({ job_id: id, task_id: 'b', reason: 'enough' }),
    );
  });

  it('waits with progress to the end, and ends the wait by its signal with the job as it stands', async () => {
    const client = clientOf(await startRest());
    const { job_id: id } = await client.submit(request);
    const heard: WaitProgress[] = [];
    const over = new AbortController();
    const stopped = client.wait(id, 30, { signal: over.signal, onProgress: (one) => void heard.push(one) });
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    over.abort();
    expect((await stopped).status).toBe('running');
    const waited = client.wait(id, 30, {
      signal: new AbortController().signal,
      onProgress: (one) => void heard.push(one),
    });
    await client.cancel({ job_id: id });
    expect((await waited).status).toBe('cancelled');
    expect(heard.at(-1)).toMatchObject({ ended: true });
  });

  it('throws the error that it was on the other side', async () => {
    const client = clientOf(await startRest());
    expect(await errorOf(client.status(NO_JOB))).toBeInstanceOf(JobNotFoundError);
    await client.submit({ ...request, idempotency_key: 'k' });
    const conflict = await errorOf(client.submit({ ...request, request: 'Else', idempotency_key: 'k' }));
    expect(conflict).toBeInstanceOf(ConflictError);
    expect(conflict).toMatchObject({ hint: 'Use a new key.' });
    expect(await errorOf(client.list({ limit: 0 }))).toBeInstanceOf(TaskValidationError);
    expect(
      await errorOf(client.wait(NO_JOB, 1, { signal: AbortSignal.timeout(5000), onProgress: () => {} })),
    ).toBeInstanceOf(JobNotFoundError);
  });

  it('lets no id out that is none: it would be another path', async () => {
    const client = createClient({ url: 'http://127.0.0.1:1', apiKey: 'k' });
    for (const id of ['..', '../workers', '', 'job_0000000000000001/cancel', '%2e%2e'])
      for (const call of [client.status(id), client.diff(id), client.cancel({ job_id: id })])
        expect(await errorOf(call)).toBeInstanceOf(TaskValidationError);
  });

  it('makes of every code its own class, and of an unknown one a general error', () => {
    const problem = { type: 'about:blank', title: 't', status: 500, detail: 'd', hint: 'h', retryable: true };
    const errors = Object.keys(ERROR_CODES).map((code) => errorOfProblem({ ...problem, code }));
    expect(errors.map(({ code }) => code)).toEqual(Object.keys(ERROR_CODES));
    expect(new Set(errors.map(({ name }) => name)).size).toBe(errors.length);
    const unknown = errorOfProblem({ ...problem, code: 'TOMORROW', retry_after_ms: 7 });
    expect(unknown).toBeInstanceOf(ServerAnswerError);
    expect(unknown).toMatchObject({ message: 'd', hint: 'h', retryable: true, retryAfterMs: 7 });
    expect(errorOfProblem({ ...problem, code: 'toString' })).toBeInstanceOf(ServerAnswerError);
  });

  it('says of a server that is not there which it is and what to do, and that a retry may help', async () => {
    const error = await errorOf(createClient({ url: 'http://127.0.0.1:1/', apiKey: 'k' }).system());
    expect(error).toBeInstanceOf(ServerUnreachableError);
    expect(error).toMatchObject({
      retryable: true,
      message: expect.stringContaining('http://127.0.0.1:1'),
      hint: expect.stringContaining('serve'),
    });
  });

  it.each([
    [200, 'application/json', '{"jobs": 1}', ServerAnswerError, false],
    [200, 'text/html', '<h1>Welcome</h1>', ServerAnswerError, false],
    [404, 'text/html', 'nothing', ServerAnswerError, false],
    [502, 'text/html', 'bad gateway', ServerUnreachableError, true],
    [500, 'application/json', '{"code": 5}', ServerAnswerError, false],
    [301, 'text/html', '', ServerAnswerError, false],
  ])('understands an answer of something else: %i %s', async (status, type, body, kind, retryable) => {
    const client = createClient({ url: await answering(status, type, body), apiKey: 'k' });
    const error = await errorOf(client.list({}));
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ retryable });
  });

  it('gives up a call that takes too long, as a retryable error', async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const error = await errorOf(createClient({ url, timeoutMs: 50 }).system());
    expect(error).toBeInstanceOf(ServerUnreachableError);
    expect(error).toMatchObject({ message: expect.stringContaining('in time') });
  });

  it('tells a wrong key and too many calls apart', async () => {
    const server = await startRest({ settings: { rateLimit: 2 } });
    expect(await errorOf(clientOf(server, { apiKey: 'wrong' }).system())).toBeInstanceOf(AuthenticationError);
    const client = clientOf(server, { apiKey: 'co_first' });
    const errors = await Promise.all([1, 2, 3].map(() => errorOf(client.system())));
    const limited = errors.find((error) => error instanceof OrchestratorError);
    expect(limited).toBeInstanceOf(RateLimitError);
    expect(limited instanceof RateLimitError && (limited.retryAfterMs ?? 0)).toBeGreaterThan(0);
  });

  it('keeps its connections alive between calls', async () => {
    const server = createServer((_, response) =>
      response
        .setHeader('content-type', 'application/json')
        .end('{"limit":1,"live":0,"busy":0,"workers":[]}'),
    );
    let connections = 0;
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const client = createClient({
      url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    });
    for (let n = 0; n < 20; n += 1) await client.workers();
    expect(connections).toBeLessThanOrEqual(2);
  });
});
