import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { Identity } from '../../application/access/access.ts';
import type { HttpEnv } from './env.ts';
import { endIfSpent, type OpenStream, type OpenStreams } from './openStreams.ts';

/** Between two heartbeats; at each the stream's credential is asked about. */
export const HEARTBEAT_MS = 15_000;
/** With what Node holds beside the bytes, less than 1 MB of the server's memory. */
const MAX_BUFFERED_BYTES = 512 * 1024;
/** How long a client gets to take the rest of a stream that has ended. */
const END_MS = 5000;

export type SseEvent = {
  readonly event?: string;
  readonly id?: string | number;
  /** Sent as JSON unless it is text already. */
  readonly data: unknown;
};

export type SseOptions = {
  readonly streams: OpenStreams;
  readonly heartbeatMs?: number;
  /** Bytes that may wait for a client that reads slowly; above it the client is dropped. */
  readonly maxBufferedBytes?: number;
};

/** An event stream that is open. Everything is safe to call when it is closed already. */
export type Sse = {
  /** @returns false when the stream is closed, or was dropped by this very event. */
  send(event: SseEvent): boolean;
  /** A line that clients do not see. */
  comment(text: string): boolean;
  /**
   * Resolves when the client has taken most of what waits for it, or the stream is closed: a route that sends
   * pages of stored events awaits it between pages, and so is never dropped for its own speed.
   */
  drained(): Promise<void>;
  /** Ends the stream in good order. */
  end(): void;
  /** Aborts when the client has gone, was dropped, or the stream was ended. */
  readonly closed: AbortSignal;
  /** What the route returns. */
  readonly response: Response;
};

const oneLine = (text: string): string => text.replaceAll(/[\r\n\0]+/g, ' ');

const frameOf = ({ event, id, data }: SseEvent): string => {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return [
    ...(event === undefined ? [] : [`event: ${oneLine(event)}`]),
    ...(id === undefined ? [] : [`id: ${oneLine(String(id))}`]),
    ...text.split(/\r\n|\r|\n/).map((line) => `data: ${line}`),
    '\n',
  ].join('\n');
};

/**
 * Opens an event stream on the request's own connection. It writes past the router straight to the socket, since
 * only there can be seen how much waits for a client that does not read: more than `maxBufferedBytes` drops it.
 * A comment goes out every `heartbeatMs`, and a stream whose credential is not good any more ends then.
 * @throws InsufficientResourcesError when too many streams are open.
 */
export const openSse = (c: Context<HttpEnv>, options: SseOptions): Sse => {
  const { streams, heartbeatMs = HEARTBEAT_MS, maxBufferedBytes = MAX_BUFFERED_BYTES } = options;
  const { outgoing } = c.env;
  const closing = new AbortController();
  // Behind optional authentication there may be none.
  const identity: Identity | undefined = c.get('identity');
  const end = () => {
    if (!outgoing.writableEnded && !outgoing.destroyed) {
      outgoing.end();
      // Who does not read would hold the connection for good.
      const overdue = setTimeout(() => outgoing.destroy(), END_MS);
      outgoing.once('close', () => clearTimeout(overdue));
      overdue.unref();
    }
    close();
  };
  const stillGood: HttpEnv['Variables']['stillGood'] | undefined = c.get('stillGood');
  const stream: OpenStream = { principal: identity?.principal.id, stillGood, end };
  const leave = streams.enter(stream);
  const write = (text: string): boolean => {
    if (closing.signal.aborted) return false;
    const waiting = outgoing.writableLength;
    if (waiting > 0 && waiting + Buffer.byteLength(text) > maxBufferedBytes) {
      outgoing.destroy();
      close();
      return false;
    }
    outgoing.write(text);
    return true;
  };
  const heartbeat = setInterval(() => {
    write(':\n\n');
    void endIfSpent(stream);
  }, heartbeatMs);
  heartbeat.unref();
  const close = () => {
    clearInterval(heartbeat);
    leave();
    closing.abort();
  };

  // What middleware has set so far: it cannot be added later.
  for (const [name, value] of c.res.headers) outgoing.setHeader(name, value);
  outgoing.setHeader('Content-Type', 'text/event-stream');
  outgoing.setHeader('Cache-Control', 'no-store');
  outgoing.setHeader('X-Content-Type-Options', 'nosniff');
  // Proxies that collect answers before they pass them on.
  outgoing.setHeader('X-Accel-Buffering', 'no');
  outgoing.writeHead(200);
  outgoing.flushHeaders();
  outgoing.once('close', close);
  outgoing.on('error', close);
  if (outgoing.destroyed) close();
  if (c.req.method === 'HEAD') end();

  return {
    send: (event) => write(frameOf(event)),
    comment: (text) => write(`: ${oneLine(text)}\n\n`),
    drained: () => drained(outgoing, closing.signal),
    end,
    closed: closing.signal,
    // A copy: middleware adds its headers to what a route returns.
    response: new Response(null, RESPONSE_ALREADY_SENT),
  };
};

const drained = (outgoing: HttpEnv['Bindings']['outgoing'], closed: AbortSignal): Promise<void> => {
  if (closed.aborted || !outgoing.writableNeedDrain) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off('drain', done);
      closed.removeEventListener('abort', done);
      resolve();
    };
    outgoing.on('drain', done);
    closed.addEventListener('abort', done);
  });
};
