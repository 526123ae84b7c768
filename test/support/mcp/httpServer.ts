import { once } from 'node:events';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { Orchestrator } from '../../../src/application/api.ts';
import type { Elicitation } from '../../../src/application/approving/elicitationChoice.ts';
import type { Logger } from '../../../src/application/ports/logger.ts';
import type { Clock } from '../../../src/application/ports/system.ts';
import { LOCAL_AGENT, principalIdSchema } from '../../../src/domain/principal.ts';
import { systemClock } from '../../../src/infrastructure/system/systemClock.ts';
import { createHttpApp } from '../../../src/presentation/http/app.ts';
import type { HttpDeps } from '../../../src/presentation/http/deps.ts';
import type { HttpEnv } from '../../../src/presentation/http/env.ts';
import { OpenStreams } from '../../../src/presentation/http/openStreams.ts';
import type { SessionLimits } from '../../../src/presentation/mcp/http/sessionTable.ts';
import { createMcpRoutes } from '../../../src/presentation/mcp/http.ts';
import type { ToolPreset } from '../../../src/presentation/mcp/tools/index.ts';
import { createFixtureOrchestrator } from './fixtureOrchestrator.ts';

/** The credential of the local agent; any other stands for the agent `key:<credential>`. */
export const AGENT = 'agent';

export type McpOverHttp = {
  readonly url: string;
  readonly orchestrator: Orchestrator;
  readonly streams: OpenStreams;
  /** What was logged as refused. */
  readonly refused: readonly string[];
  readonly close: () => Promise<void>;
};

export type McpHttpOptions = {
  readonly tools?: ToolPreset;
  /** What the person let clients' forms do. */
  readonly elicitation?: Elicitation;
  readonly streams?: number;
  /** Reads the job view. */
  readonly appView?: () => Promise<string>;
  /** In place of the face's own routes. */
  readonly routes?: (deps: HttpDeps) => Hono<HttpEnv>;
  /** Acts as a proxy that signs every request in: for clients that cannot send a header. */
  readonly signsIn?: boolean;
  /** Credentials that are good no more; the test adds to it. */
  readonly spent?: ReadonlySet<string>;
  readonly heartbeatMs?: number;
  readonly clock?: Clock;
  readonly sessions?: SessionLimits;
};

const listeningLogger = (refused: string[]): Logger => {
  const ignore = (): void => {};
  return {
    debug: ignore,
    info: ignore,
    warning: (_category, _message, fields) => void refused.push(String(fields?.message)),
    error: ignore,
    critical: ignore,
    within: (_ids, work) => work(),
  };
};

/** The whole HTTP application on a real port, with its real checks, over the orchestrator in memory. */
export const startMcpHttp = async (o: McpHttpOptions = {}): Promise<McpOverHttp> => {
  const orchestrator = createFixtureOrchestrator(o.elicitation);
  const refused: string[] = [];
  const streams = new OpenStreams(o.streams);
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const origins = hosts.map((host) => `http://${host}`);

  const deps: HttpDeps = {
    orchestrator,
    approvals: orchestrator.desk,
    approvers: { elicitation: { elicitationChoice: async () => o.elicitation ?? 'deny_only' } },
    access: {
      identify: async (secret) =>
        o.spent?.has(secret) === true
          ? undefined
          : {
              principal:
                secret === AGENT
                  ? LOCAL_AGENT
                  : { id: principalIdSchema.parse(`key:${secret}`), roles: ['agent'] },
              limitKey: undefined,
            },
      session: async () => undefined,
    },
    clock: o.clock ?? systemClock,
    logger: listeningLogger(refused),
    version: '1.2.3',
    settings: {
      hosts,
      ownOrigins: origins,
      corsOrigins: [],
      trustedProxies: [],
      rateLimit: 0,
      publicUrl: origins[0] ?? '',
      tools: o.tools ?? 'full',
    },
    ready: () => true,
    streams,
    prove: () => 'none',
  };
  const none = new Hono<HttpEnv>();
  const mcp =
    o.routes?.(deps) ??
    createMcpRoutes({ ...deps, appView: o.appView, heartbeatMs: o.heartbeatMs, sessions: o.sessions });
  const app = createHttpApp(deps, { rest: none, auth: none, page: none, mcp });
  const listener = getRequestListener(app.fetch);
  server.on('request', (request, response) => {
    if (o.signsIn === true) request.rawHeaders.push('Authorization', `Bearer ${AGENT}`);
    void listener(request, response);
  });
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    orchestrator,
    streams,
    refused,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
