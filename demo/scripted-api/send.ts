import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiFault, errorBody, type StreamFault } from './faults.ts';
import type { Reply } from './reply.ts';
import { encode, streamEvents } from './stream.ts';

export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** Aborted when the client leaves or the server closes: no timer outlives either. */
  readonly signal: AbortSignal;
};

export const sendJson = (
  { response, requestId }: Exchange,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': requestId, ...headers });
  response.end(JSON.stringify(body));
};

export const sendFault = (exchange: Exchange, fault: ApiFault): void =>
  sendJson(exchange, fault.status, errorBody(fault.status, fault.message, exchange.requestId), fault.headers);

/** A captive portal's answer: 200, and not the API at all. */
export const sendHtml = ({ response }: Exchange): void => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<html><body>captive portal</body></html>');
};

const flushed = (exchange: Exchange, text: string): Promise<void> =>
  new Promise((resolve) => exchange.response.write(text, () => resolve()));

/** Waits, and resolves early where the client left or the server closes. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined);
};

/**
 * Streams an answer as server-sent events, or the fault in its place. Faults in mid-stream strike at the half.
 * @param gapMs between two events
 */
export const sendStream = async (
  exchange: Exchange,
  reply: Reply,
  gapMs: number,
  held: { readonly fault: StreamFault; readonly ms: number } | undefined,
): Promise<void> => {
  const { request, response, requestId, signal } = exchange;
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
    'request-id': requestId,
  });
  if (held?.fault === 'hang') {
    response.write(': hang\n\n');
    return;
  }
  if (held?.fault === 'overloaded') {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    response.end(encode({ type: 'error', data: { error } }));
    return;
  }
  const events = streamEvents(reply);
  const half = Math.max(1, Math.floor(events.length / 2));
  for (const [index, event] of events.entries()) {
    if (signal.aborted) return;
    if (index === half && held?.fault === 'cut') {
      // The half must be on the wire before the socket goes, or the client sees a cut before any byte.
      await flushed(exchange, ': cut\n\n');
      request.socket.destroy();
      return;
    }
    if (index === half && held?.fault === 'badjson') {
      response.end('event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"del\n\n');
      return;
    }
    if (index === half && held?.fault === 'stall') await pause(held.ms, signal);
    response.write(encode(event));
    if (gapMs > 0) await pause(gapMs, signal);
  }
  response.end();
};
