import { appendFileSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { InternalError } from '../../src/domain/errors/index.ts';
import { administer } from './admin.ts';
import { answer } from './answer.ts';
import { FaultCounter } from './faults.ts';
import type { Latency } from './latency.ts';
import type { Queued } from './queue.ts';
import { describe, type RequestRecord } from './record.ts';
import { type MessagesRequest, messagesRequestSchema, parseBody } from './request.ts';
import { type Exchange, sendFault, sendJson } from './send.ts';
import { type Rule, turnOf } from './turn.ts';

/** Loopback and nothing else: what is said here is a script, and must never reach another machine. */
const HOST = '127.0.0.1';

export type ScriptedApiOptions = {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Before the first byte of each answer; a `[[delay:…]]` in the prompt wins. */
  readonly latencyMs?: Latency;
  /** The same, for callers that draw: wins over `latencyMs`. */
  readonly latency?: () => number;
  /** Between two events of a stream. */
  readonly chunkMs?: number;
  /** Answers prompts that carry no markers of ours. */
  readonly rules?: readonly Rule[];
  /** A file that gets one JSON line a request. */
  readonly log?: string;
  /** Bodies kept at most; the oldest go first. */
  readonly keepBodies?: number;
};

export type ScriptedApi = {
  readonly port: number;
  /** What `ANTHROPIC_BASE_URL` must be. */
  readonly url: string;
  /** Every request since the start or the last reset, in the order in which they were read. */
  readonly requests: readonly RequestRecord[];
  readonly bodies: readonly MessagesRequest[];
  /** Puts answers into the queue that is used before any marker. */
  script(steps: readonly Queued[]): void;
  reset(): void;
  /** Ends every connection, hanging ones included. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
};

/** Starts a scripted Messages API on 127.0.0.1: the real CLI talks to it as to the real one. */
export const startScriptedApi = async (options: ScriptedApiOptions = {}): Promise<ScriptedApi> => {
  const requests: RequestRecord[] = [];
  const bodies: MessagesRequest[] = [];
  const queue: Queued[] = [];
  const faults = new FaultCounter();
  const closing = new AbortController();
  const startedAt = Date.now();
  let serial = 0;

  const reset = (): void => {
    requests.length = 0;
    bodies.length = 0;
    queue.length = 0;
    faults.reset();
  };

  const converse = async (exchange: Exchange, raw: string, record: RequestRecord): Promise<RequestRecord> => {
    const parsed = messagesRequestSchema.safeParse(parseBody(raw));
    if (!parsed.success) {
      const refused = { ...record, status: 400 };
      requests.push(refused);
      sendFault(exchange, { status: 400, message: 'body is not a Messages API request', headers: {} });
      return refused;
    }
    const body = parsed.data;
    serial++;
    bodies.push(body);
    if (bodies.length > (options.keepBodies ?? 500)) bodies.shift();
    const turn = turnOf(body, options.rules);
    const message = describe(serial, body, turn, exchange.request.headers);
    const known: RequestRecord = { ...record, ...message };
    requests.push(known);
    exchange.response.on('close', () => {
      if (!exchange.response.writableFinished) known.aborted = true;
    });
    await answer({
      exchange: { ...exchange, requestId: `req_scripted_${serial}` },
      body,
      turn,
      message,
      record: known,
      faults,
      takeQueued: () => queue.shift(),
      latency: options.latency ?? options.latencyMs ?? 0,
      chunkMs: options.chunkMs ?? 0,
    });
    return known;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const raw = await readBody(request);
    const signal = AbortSignal.any([closing.signal, gone.signal]);
    const exchange: Exchange = { request, response, requestId: 'req_scripted', signal };
    const url = request.url ?? '/';
    const method = request.method ?? 'GET';
    if (url.startsWith('/__')) {
      const { status, body } = administer({ requests, bodies, queue, reset }, url, raw);
      sendJson(exchange, status, body);
      return;
    }
    const now = Date.now();
    let record: RequestRecord = { t: now, ms: now - startedAt, method, url };
    if (method === 'POST' && url.startsWith('/v1/messages') && !url.includes('/count_tokens')) {
      record = await converse(exchange, raw, record);
    } else {
      record.status = 200;
      requests.push(record);
      const models = { data: [], has_more: false };
      const tokens = { input_tokens: Math.ceil(raw.length / 4) };
      sendJson(
        exchange,
        200,
        url.includes('/count_tokens') ? tokens : url.startsWith('/v1/models') ? models : {},
      );
    }
    if (options.log !== undefined) appendFileSync(options.log, `${JSON.stringify(record)}\n`);
  };

  const server = http.createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, HOST, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new InternalError('The scripted API listens on no port.', {
      hint: 'Start it with another --port.',
    });
  }
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      closing.abort();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    port: address.port,
    url: `http://${HOST}:${address.port}`,
    requests,
    bodies,
    script: (steps) => queue.push(...steps),
    reset,
    close,
    [Symbol.asyncDispose]: close,
  };
};
