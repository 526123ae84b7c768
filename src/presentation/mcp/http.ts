import {
  createMcpHandler,
  isJSONRPCRequest,
  isLegacyRequest,
  type JSONRPCMessage,
} from '@modelcontextprotocol/server';
import { type Context, Hono } from 'hono';
import { LRUCache } from 'lru-cache';
import type { LogFields } from '../../application/ports/logger.ts';
import type { HttpDeps } from '../http/deps.ts';
import type { HttpEnv } from '../http/env.ts';
import { HEARTBEAT_MS } from '../http/sse.ts';
import { limitedReports } from '../limitedReports.ts';
import { abilitiesIn } from './clientAbilities.ts';
import { type AskedMemory, createAsked } from './elicit/asked.ts';
import { admit, noSuchSession, refuseThrown } from './http/admit.ts';
import { createJobBus } from './http/jobBus.ts';
import { createSession } from './http/session.ts';
import { createSessionTable, type SessionLimits } from './http/sessionTable.ts';
import { watchedStream } from './http/watchedStream.ts';
import { createMcpConnection, type McpServerOptions } from './server.ts';

export type McpRoutesDeps = Pick<HttpDeps, 'logger' | 'version' | 'streams' | 'clock'> &
  Pick<McpServerOptions, 'appView'> & {
    readonly settings: Pick<HttpDeps['settings'], 'tools' | 'publicUrl'>;
    /** Between two looks whether a stream's credential is still good. */
    readonly heartbeatMs?: number | undefined;
    readonly sessions?: SessionLimits | undefined;
    /** Makes the server of a session, or of one request. Default `createMcpConnection`. */
    readonly connect?: typeof createMcpConnection | undefined;
  };

/** Questions that are remembered, of all principals: no client is asked twice. */
const REMEMBERED = 10_000;

const opensStream = (message: JSONRPCMessage | undefined): boolean =>
  message !== undefined && isJSONRPCRequest(message) && message.method === 'subscriptions/listen';

/** Only a client that can put questions to its person needs the server to find it again. */
const wantsSession = (message: JSONRPCMessage | undefined): boolean => {
  if (message === undefined || !isJSONRPCRequest(message) || message.method !== 'initialize') return false;
  const { form, url } = abilitiesIn(message.params?.capabilities).elicitation;
  return form || url;
};

/**
 * MCP over Streamable HTTP in both eras, to be mounted behind `authenticate`. Each request has a handler of its own
 * over its own principal's view of the jobs, so that no state is left between requests and no stream can hear of
 * another principal's job. Clients of 2025 that can be asked have a session, which belongs to one principal.
 */
export const createMcpRoutes = (deps: McpRoutesDeps): Hono<HttpEnv> => {
  const { logger, version, streams, clock, settings, appView, heartbeatMs = HEARTBEAT_MS } = deps;
  const { connect = createMcpConnection } = deps;
  const report = limitedReports<LogFields>(
    (fields, leftOut) => logger.warning('API', 'a message was refused', { ...fields, left_out: leftOut }),
    () => clock.now(),
  );
  const memory: AskedMemory = new LRUCache<string, 'asked' | 'answered'>({ max: REMEMBERED });
  const common = {
    version,
    tools: settings.tools,
    appView,
    dashboardUrl: async () => settings.publicUrl,
  } as const;
  const sessions = createSessionTable({
    clock,
    limits: deps.sessions,
    make: (id, onEnd) =>
      createSession({
        id,
        streams,
        heartbeatMs,
        onEnd,
        report: (message) => report({ message }),
        connect: (api) => connect(api, { ...common, era: 'legacy', updates: 'connection' }),
      }),
  });
  streams.accompany(sessions);

  /** The answer of a session; undefined where the request belongs to none. */
  const serveSession = async (
    c: Context<HttpEnv>,
    message: JSONRPCMessage | undefined,
  ): Promise<Response | undefined> => {
    sessions.sweep();
    const request = c.req.raw;
    const id = request.headers.get('mcp-session-id');
    if (id === null && !wantsSession(message)) return undefined;
    if (request.method === 'POST' && message === undefined) return undefined;
    // The 2026 era has no sessions: there the header says nothing.
    if (!(await isLegacyRequest(request, message))) return undefined;
    const { principal } = c.get('identity');
    const session = id === null ? sessions.open(principal.id) : sessions.find(id, principal.id);
    // Where there may be no more sessions a client is served without, and only not asked.
    return session?.handle(c, message) ?? (id === null ? undefined : noSuchSession(message));
  };

  const serve = async (c: Context<HttpEnv>, message: JSONRPCMessage | undefined): Promise<Response> => {
    const api = c.get('api');
    let leave = (): void => {};
    const bus = createJobBus(api, () => leave());
    const handler = createMcpHandler(
      ({ era }) =>
        connect(async () => api, {
          ...common,
          era,
          updates: era === 'modern' ? 'elsewhere' : 'never',
          asked: createAsked(memory, c.get('identity').principal.id),
        }).server,
      { bus, onerror: (error) => report({ message: error.message.slice(0, 500) }) },
    );
    if (opensStream(message)) {
      leave = watchedStream(c, { streams, heartbeatMs }, () => void handler.close());
    }
    const response = await handler.fetch(c.req.raw, message === undefined ? {} : { parsedBody: message });
    if (!bus.isHeard()) leave();
    return response;
  };

  return new Hono<HttpEnv>().all('/', async (c) => {
    const admission = await admit(c.req.raw);
    if (admission.kind === 'answer') {
      if (admission.reason !== undefined) report({ message: admission.reason });
      return admission.response;
    }
    const { message } = admission;
    try {
      return (await serveSession(c, message)) ?? (await serve(c, message));
    } catch (thrown) {
      return refuseThrown(thrown, message);
    }
  });
};
