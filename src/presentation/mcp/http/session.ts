import { AsyncLocalStorage } from 'node:async_hooks';
import { isJSONRPCRequest, type JSONRPCMessage } from '@modelcontextprotocol/server';
import type { Context } from 'hono';
import { InternalError } from '../../../domain/errors/index.ts';
import type { HttpEnv } from '../../http/env.ts';
import type { OrchestratorApi } from '../../wire/api.ts';
import type { ApiProvider } from '../provider.ts';
import type { McpConnection } from '../server.ts';
import { cancelledId } from '../stdio/requestLedger.ts';
import { SessionTransport } from './sessionTransport.ts';
import { type StreamWatch, watchedStream } from './watchedStream.ts';

/** One client of the 2025 era that can be asked. */
export type McpSession = {
  /** Answers one request of the session: a message, its stream (GET), its end (DELETE). */
  readonly handle: (c: Context<HttpEnv>, message: JSONRPCMessage | undefined) => Promise<Response>;
  /** True while a call or the client's stream is open. */
  readonly isBusy: () => boolean;
  /** Ends its streams, what it waits for and what its person is asked; never a job. */
  readonly end: () => void;
};

export type SessionOptions = StreamWatch & {
  readonly id: string;
  readonly connect: (api: ApiProvider) => McpConnection;
  /** Hears of what was dropped, in words without data of the client. */
  readonly report: (reason: string) => void;
  /** Called once, however the session ends. */
  readonly onEnd: () => void;
};

export const createSession = (o: SessionOptions): McpSession => {
  // Each request acts by the rights that its own credential has now, not by those that opened the session.
  const apis = new AsyncLocalStorage<OrchestratorApi>();
  const provider: ApiProvider = async () => {
    const api = apis.getStore();
    if (api === undefined) throw new InternalError('A session was used outside of a request.', HINT);
    return api;
  };
  let listening: { readonly isClogged: () => boolean; readonly leave: () => void } | undefined;
  const leave = (): void => {
    listening?.leave();
    listening = undefined;
  };
  const transport = new SessionTransport({
    id: o.id,
    isClogged: () => listening?.isClogged() === true,
    onEnd: () => {
      leave();
      o.onEnd();
    },
  });
  const { server } = o.connect(provider);
  const ready = server.connect(transport);

  const listen = async (c: Context<HttpEnv>): Promise<Response> => {
    const request = c.req.raw;
    const exit = watchedStream(c, o, () => {
      transport.closeStandaloneSSEStream();
      leave();
    });
    const response = await transport.handleRequest(request);
    // Refused, a second one for instance: the first goes on.
    if (!response.ok) exit();
    else {
      const stream = { isClogged: () => c.env.outgoing.writableNeedDrain, leave: exit };
      listening = stream;
      request.signal.addEventListener('abort', () => (listening === stream ? leave() : exit()), {
        once: true,
      });
    }
    return response;
  };

  const take = async (request: Request, message: JSONRPCMessage): Promise<Response> => {
    const verdict = transport.ledger.admit(message);
    if (verdict.kind === 'refusal') {
      const { id, code, message: words } = verdict;
      o.report(words);
      return Response.json({ jsonrpc: '2.0', id, error: { code, message: words } }, { status: 400 });
    }
    if (verdict.kind === 'dropped') {
      o.report(`ignored a ${verdict.reason}`);
      return new Response(null, { status: 202 });
    }
    const response = await transport.handleRequest(request, { parsedBody: message });
    const cancelled = cancelledId(message);
    if (cancelled !== undefined) await transport.forget(cancelled);
    if (!response.ok && isJSONRPCRequest(message)) transport.ledger.release(message.id);
    return response;
  };

  const handle: McpSession['handle'] = async (c, message) => {
    await ready;
    const request = c.req.raw;
    const response = await apis.run(c.get('api'), () => {
      if (message !== undefined) return take(request, message);
      return request.method === 'GET' ? listen(c) : transport.handleRequest(request);
    });
    // The handshake was refused, so that nobody has been told the id.
    if (transport.sessionId === undefined) await transport.close();
    return response;
  };

  return {
    handle,
    isBusy: () => listening !== undefined || transport.ledger.open > 0,
    end: () => void transport.close(),
  };
};

const HINT = { hint: 'Report this with the log of the server.' };
