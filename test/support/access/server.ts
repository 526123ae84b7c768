import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import { listen } from '../../../src/infrastructure/http/listen.ts';
import { createLogger } from '../../../src/infrastructure/telemetry/logger.ts';
import { createAuthRoutes } from '../../../src/presentation/auth/authRoutes.ts';
import { createKeyRoutes } from '../../../src/presentation/auth/keyRoutes.ts';
import { createResourceMetadataRoutes } from '../../../src/presentation/auth/resourceMetadata.ts';
import { createHttpApp } from '../../../src/presentation/http/app.ts';
import type { HttpEnv } from '../../../src/presentation/http/env.ts';
import { OpenStreams } from '../../../src/presentation/http/openStreams.ts';
import { openSse } from '../../../src/presentation/http/sse.ts';
import { createFixtureOrchestrator } from '../mcp/fixtureOrchestrator.ts';
import { type Harness, type HarnessOptions, openAccess, PASSPHRASE } from './harness.ts';

export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  readonly text: string;
};

export type Wish = {
  readonly key?: string;
  /** The session's cookie; sent with the server's own Origin, as its page does. */
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type AuthServer = Harness & {
  readonly url: string;
  readonly port: number;
  /** How a browser calls it: `http://localhost:PORT`. */
  readonly origin: string;
  readonly streams: OpenStreams;
  readonly call: (method: string, path: string, body?: unknown, wish?: Wish) => Promise<Reply>;
};

/** The cookie that an answer sets, as the next request sends it. */
export const cookieOf = ({ headers }: Reply): string => {
  const [cookie = ''] = headers.getSetCookie();
  return cookie.split(';')[0] ?? '';
};

/** A body without what differs from request to request. */
export const sameForAll = ({ status, body }: Reply): unknown => {
  const { request_id: _, ...rest } = Object(body);
  return { status, ...rest };
};

/** The real app on a real port, with the credentials of a real database. */
export const startAuthServer = async (
  o: HarnessOptions & { readonly publicUrl?: string; readonly heartbeatMs?: number } = {},
): Promise<AuthServer> => {
  const serving = Promise.withResolvers<Hono<HttpEnv>>();
  const streams = new OpenStreams();
  const listener = await listen({
    fetch: async (request, env) => (await serving.promise).fetch(request, { ...env }),
    host: '127.0.0.1',
    port: 0,
    limits: undefined,
    endStreams: () => streams.endAll(),
  });
  onTestFinished(() => listener.close(0));
  const origin = `http://localhost:${listener.port}`;
  const harness = await openAccess({ origins: () => [origin], ...o });
  const settings = {
    hosts: [
      `127.0.0.1:${listener.port}`,
      `localhost:${listener.port}`,
      ...(o.publicUrl === undefined ? [] : [new URL(o.publicUrl).host]),
    ],
    ownOrigins: [listener.url, origin],
    corsOrigins: [],
    trustedProxies: [],
    rateLimit: 0,
    publicUrl: o.publicUrl ?? listener.url,
    tools: 'full' as const,
  };
  const rest = new Hono<HttpEnv>()
    .get('/whoami', (c) => c.json(c.get('identity')))
    .get('/stream', (c) => {
      const sse = openSse(c, { streams, heartbeatMs: o.heartbeatMs });
      sse.comment('open');
      return sse.response;
    })
    .route('/', createKeyRoutes(harness.access, streams));
  const orchestrator = createFixtureOrchestrator();
  serving.resolve(
    createHttpApp(
      {
        orchestrator,
        approvals: orchestrator.desk,
        access: harness.access,
        clock: harness.time.clock,
        logger: await createLogger({ level: 'CRITICAL', format: 'json' }),
        version: '1.2.3',
        settings,
        ready: () => true,
        streams,
        prove: () => 'none',
      },
      {
        rest,
        mcp: new Hono<HttpEnv>(),
        auth: createAuthRoutes({ access: harness.access, settings, streams }),
        page: new Hono<HttpEnv>(),
        wellKnown: createResourceMetadataRoutes({ settings, issuers: ['https://issuer.example'] }),
      },
    ),
  );
  return {
    ...harness,
    url: listener.url,
    port: listener.port,
    origin,
    streams,
    call: async (method, path, body, { key, cookie, headers = {} } = {}) => {
      const response = await fetch(path.startsWith('http') ? path : `${listener.url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'x-api-key': key }),
          ...(cookie === undefined ? {} : { cookie, origin }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson && text !== '' ? JSON.parse(text) : undefined,
      };
    },
  };
};

/** Sets the passphrase and signs in by it. @returns the session's cookie. */
export const personCookie = async (server: AuthServer): Promise<string> => {
  await server.setPassphrase();
  return cookieOf(await server.call('POST', '/api/v1/auth/login/passphrase', { passphrase: PASSPHRASE }));
};
