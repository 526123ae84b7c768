import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import {
  getJson,
  onSignedOut,
  ProblemError,
  postJson,
} from '../../../../src/presentation/dashboard/page/data/http.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const serve = async (
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> => {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/`;
};

const problemBy = async (call: Promise<unknown>): Promise<ProblemError> => {
  const error = await call.then(
    () => new Error('it succeeded'),
    (failure: unknown) => failure,
  );
  if (error instanceof ProblemError) return error;
  throw error;
};

describe('a call', () => {
  it('sends JSON and gives what was answered', async () => {
    const url = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (body: string) => response.end(JSON.stringify({ got: body })));
    });
    expect(await postJson(url, { a: 1 })).toEqual({ got: '{"a":1}' });
  });

  it('ends with the fields of the problem that the server tells', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(429, { 'content-type': 'application/problem+json', 'retry-after': '7' });
      response.end(
        JSON.stringify({ detail: 'Too many.', code: 'RATE_LIMITED', hint: 'Wait.', request_id: 'r1' }),
      );
    });
    expect((await problemBy(getJson(url))).problem).toMatchObject({
      status: 429,
      detail: 'Too many.',
      code: 'RATE_LIMITED',
      hint: 'Wait.',
      request_id: 'r1',
      retry_after_ms: 7000,
    });
  });

  it('stays a problem where something in between answers with a page, or with broken or empty JSON', async () => {
    for (const [type, body] of [
      ['text/html', '<h1>Bad gateway</h1>'],
      ['application/json', '{"a'],
      ['application/problem+json', 'null'],
    ] as const) {
      const url = await serve((_request, response) => {
        response.writeHead(502, { 'content-type': type });
        response.end(body);
      });
      const { problem } = await problemBy(getJson(url));
      expect([problem.status, problem.code, problem.retryable]).toEqual([502, 'HTTP_502', true]);
    }
  });

  it('says that nobody answers where nobody does, or where the answer breaks off', async () => {
    const gone = await serve((_request, response) => response.end());
    await cleanUps.splice(0)[0]?.();
    expect((await problemBy(getJson(gone))).code).toBe('UNREACHABLE');

    const broken = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"a":', () => response.destroy());
    });
    expect((await problemBy(getJson(broken))).code).toBe('UNREACHABLE');
  });

  it('ends with the abort, not with a problem, where it was aborted', async () => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort());
    await expect(getJson(url, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('tells that the session is over', async () => {
    const url = await serve((_request, response) => response.writeHead(401).end());
    let told = 0;
    cleanUps.push(
      onSignedOut(() => {
        told += 1;
      }),
    );
    await problemBy(getJson(url));
    expect(told).toBe(1);
  });
});
