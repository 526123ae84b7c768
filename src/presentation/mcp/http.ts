import { createMcpHandler, isJSONRPCRequest, type JSONRPCMessage } from '@modelcontextprotocol/server';
import { type Context, Hono } from 'hono';
import { LRUCache } from 'lru-cache';
import type { LogFields } from '../../application/ports/logger.ts';
import type { HttpDeps } from '../http/deps.ts';
import type { HttpEnv } from '../http/env.ts';
import { endIfSpent } from '../http/openStreams.ts';
import { HEARTBEAT_MS } from '../http/sse.ts';
import { limitedReports } from '../limitedReports.ts';
import { type AskedMemory, createAsked } from './elicit/asked.ts';
import { admit, refuseThrown } from './http/admit.ts';
import { createJobBus } from './http/jobBus.ts';
import { createMcpConnection, type McpServerOptions } from './server.ts';

export type McpRoutesDeps = Pick<HttpDeps, 'logger' | 'version' | 'streams' | 'clock'> &
  Pick<McpServerOptions, 'appView'> & {
    readonly settings: Pick<HttpDeps['settings'], 'tools' | 'publicUrl'>;
    /** Between two looks whether a stream's credential is still good. */
    readonly heartbeatMs?: number | undefined;
  };

/** Questions that are remembered, of all principals: no client is asked twice. */
const REMEMBERED = 10_000;

const opensStream = (message: JSONRPCMessage | undefined): boolean =>
  message !== undefined && isJSONRPCRequest(message) && message.method === 'subscriptions/listen';

/**
 * MCP over Streamable HTTP in both eras, without sessions, to be mounted behind `authenticate`. Each request has a
 * handler of its own over its own principal's view of the jobs, so that no state is left between requests and no
 * stream can hear of another principal's job.
 */
export const createMcpRoutes = (deps: McpRoutesDeps): Hono<HttpEnv> => {
  const { logger, version, streams, clock, settings, appView, heartbeatMs = HEARTBEAT_MS } = deps;
  const report = limitedReports<LogFields>(
    (fields, leftOut) => logger.warning('API', 'a message was refused', { ...fields, left_out: leftOut }),
    () => clock.now(),
  );
  const memory: AskedMemory = new LRUCache<string, 'asked' | 'answered'>({ max: REMEMBERED });

  const serve = async (c: Context<HttpEnv>, message: JSONRPCMessage | undefined): Promise<Response> => {
    const api = c.get('api');
    let leave = (): void => {};
    const bus = createJobBus(api, () => leave());
    const handler = createMcpHandler(
      ({ era }) =>
        createMcpConnection(async () => api, {
          version,
          era,
          tools: settings.tools,
          updates: era === 'modern' ? 'elsewhere' : 'never',
          appView,
          dashboardUrl: async () => settings.publicUrl,
          asked: createAsked(memory, c.get('identity').principal.id),
        }).server,
      { bus, onerror: (error) => report({ message: error.message.slice(0, 500) }) },
    );
    if (opensStream(message)) {
      const { principal } = c.get('identity');
      const stream = {
        principal: principal.id,
        stillGood: c.get('stillGood'),
        end: () => void handler.close(),
      };
      const exit = streams.enter(stream);
      const watch = setInterval(() => void endIfSpent(stream), heartbeatMs);
      watch.unref();
      leave = () => {
        clearInterval(watch);
        exit();
      };
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
    try {
      return await serve(c, admission.message);
    } catch (thrown) {
      return refuseThrown(thrown, admission.message);
    }
  });
};
