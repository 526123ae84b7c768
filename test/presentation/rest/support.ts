import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Orchestrator } from '../../../src/application/api.ts';
import { systemClock } from '../../../src/infrastructure/system/systemClock.ts';
import { createClient, type OrchestratorClient } from '../../../src/presentation/client/client.ts';
import type { ConnectionOptions } from '../../../src/presentation/client/connection.ts';
import type { HttpEnv } from '../../../src/presentation/http/env.ts';
import { OpenStreams } from '../../../src/presentation/http/openStreams.ts';
import { createDocsRoutes } from '../../../src/presentation/rest/document/docsRoutes.ts';
import { apiDocument } from '../../../src/presentation/rest/document/document.ts';
import { createRestRoutes } from '../../../src/presentation/rest/rest.ts';
import { localApi } from '../../../src/presentation/wire/localApi.ts';
import {
  type Answer,
  ask,
  type HttpUnderTest,
  KEY,
  type Options,
  startHttp,
  TOKEN,
} from '../http/support.ts';

export const API = '/api/v1';
/** An id that no job has. */
export const NO_JOB = 'job_zzzzzzzzzzzzzzzz';

export const jsonShape = z.record(z.string(), z.unknown());
export const bodyOf = (answer: Answer): Record<string, unknown> => jsonShape.parse(JSON.parse(answer.body));

/** The REST API in the whole app on a real port, over the fixture's orchestrator. */
export const startRest = (o: Options = {}): Promise<HttpUnderTest> => {
  const streams = o.streams ?? new OpenStreams();
  const rest = createRestRoutes({ streams, clock: systemClock });
  const docs = createDocsRoutes(() => apiDocument([rest]));
  return startHttp({ ...o, streams, parts: { rest, docs, ...o.parts } });
};

/** The same with something changed at the orchestrator that the routes see. */
export const startRestOver = async (change: (o: Orchestrator) => Orchestrator): Promise<HttpUnderTest> => {
  const streams = new OpenStreams();
  const rest = new Hono<HttpEnv>()
    .use(async (c, next) => {
      const orchestrator = change(c.get('orchestrator'));
      c.set('orchestrator', orchestrator);
      c.set('api', localApi(orchestrator));
      await next();
    })
    .route('/', createRestRoutes({ streams, clock: systemClock }));
  return startRest({ streams, parts: { rest } });
};

export const clientOf = (
  server: { readonly url: string },
  o: Partial<ConnectionOptions> = {},
): OrchestratorClient => createClient({ url: server.url, apiKey: TOKEN, ...o });

export const get = (
  server: HttpUnderTest,
  path: string,
  headers: Record<string, string> = {},
): Promise<Answer> => ask(server, { path: `${API}${path}`, headers: { 'X-API-Key': TOKEN, ...headers } });

export const post = (
  server: HttpUnderTest,
  path: string,
  body: unknown,
  headers: Record<string, string | undefined> = {},
): Promise<Answer> =>
  ask(server, {
    method: 'POST',
    path: `${API}${path}`,
    headers: { 'X-API-Key': TOKEN, 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

export const stranger = { 'X-API-Key': KEY } as const;

/** A job of two tasks, by the caller's own plan. */
export const request = {
  request: 'Do the work.',
  workspace: '/w',
  tasks: [
    { id: 'a', prompt: 'First.' },
    { id: 'b', prompt: 'Then.', depends_on: ['a'] },
  ],
};

/** A signal that ends with the test. */
export const untilTestEnds = (): AbortSignal => {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  return over.signal;
};
