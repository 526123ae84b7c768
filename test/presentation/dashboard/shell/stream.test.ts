import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../../../../src/presentation/dashboard/page/data/http.ts';
import {
  openStream,
  pauseBefore,
  type StreamState,
} from '../../../../src/presentation/dashboard/page/data/stream.ts';

const DEADLINE_MS = 10_000;
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

type Handler = (request: IncomingMessage, response: ServerResponse, connection: number) => void;

const serve = async (handle: Handler): Promise<string> => {
  let connections = 0;
  const server = createServer((request, response) => {
    connections += 1;
    handle(request, response, connections);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/events`;
};

const open = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
};

/** Follows `url` until `enough`; a deadline is a failure. */
const follow = async (
  url: string,
  enough: (seen: Seen) => boolean,
  options: { readonly lastEventId?: string; readonly silenceMs?: number } = {},
): Promise<Seen> => {
  const seen: Seen = { data: [], types: [], states: [], refused: undefined };
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`too late: ${JSON.stringify(seen)}`)), DEADLINE_MS);
    const check = (): void => {
      if (!enough(seen)) return;
      clearTimeout(timer);
      resolve();
    };
    const close = openStream(url, {
      firstPauseMs: 5,
      ...options,
      onEvent: (type, data) => {
        seen.types.push(type);
        seen.data.push(data);
        check();
      },
      onState: (state) => {
        seen.states.push(state);
        check();
      },
      onRefused: (error) => {
        seen.refused = error;
        check();
      },
    });
    cleanUps.unshift(close);
  });
  return seen;
};

type Seen = {
  readonly data: string[];
  readonly types: string[];
  readonly states: StreamState[];
  refused: ProblemError | undefined;
};

const LENGTH = 200;
const numbers = Array.from({ length: LENGTH }, (_, at) => String(at + 1));

describe('a stream', () => {
  it('hands over every event once and in order, however often and wherever the connection breaks', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serve((request, response, connection) => {
      const after = request.headers['last-event-id'];
      asked.push(after === undefined ? undefined : String(after));
      open(response);
      const text = numbers
        .slice(Number(after ?? 0))
        .map((number) => `id: ${number}\nevent: happening\ndata: ${number}\n\n`)
        .join('');
      if (connection > 12) {
        response.write(text);
        return;
      }
      // Cut in the middle of an event, at a place that differs each time; the odd ones without a goodbye.
      response.write(text.slice(0, 300 + connection * 7), () =>
        setImmediate(() => (connection % 2 === 0 ? response.end() : response.destroy())),
      );
    });
    const { data, types } = await follow(url, (seen) => seen.data.length >= LENGTH);
    expect(data).toEqual(numbers);
    expect(new Set(types)).toEqual(new Set(['happening']));
    expect(asked[0]).toBeUndefined();
    expect(asked.length).toBeGreaterThan(12);
  });

  it('keeps letters whole that two packets share, and lines that end in any way', async () => {
    const bytes = Buffer.from('event: job\r\ndata: {"a":"grün 🦊"}\r\ndata: x\r\n\r\ndata: plain\n\n');
    const url = await serve((_request, response) => {
      open(response);
      const send = (at: number): void => {
        if (at < bytes.length) response.write(bytes.subarray(at, at + 1), () => send(at + 1));
      };
      send(0);
    });
    const { data, types } = await follow(url, (seen) => seen.data.length >= 2);
    expect(data).toEqual(['{"a":"grün 🦊"}\nx', 'plain']);
    expect(types).toEqual(['job', 'message']);
  });

  it('begins where it is told to', async () => {
    const url = await serve((request, response) => {
      open(response);
      response.write(`data: after ${request.headers['last-event-id']}\n\n`);
    });
    const { data } = await follow(url, (seen) => seen.data.length > 0, { lastEventId: '41' });
    expect(data).toEqual(['after 41']);
  });

  it('takes a connection without a heartbeat for dead, and a quiet one with it for alive', async () => {
    const silenceMs = 150;
    const ends: string[] = [];
    const url = await serve((request, response, connection) => {
      open(response);
      request.socket.once('close', () => ends.push(`connection ${connection}`));
      if (connection === 1) return;
      if (connection === 2) {
        response.write(': one beat, then none\n\n');
        return;
      }
      let beats = 0;
      const timer = setInterval(() => {
        beats += 1;
        // Twice the silence that would have been its end.
        if (beats * 30 > silenceMs * 2) response.write('data: still here\n\n');
        else response.write(': beat\n\n');
      }, 30);
      response.once('close', () => clearInterval(timer));
    });
    const { states } = await follow(url, (seen) => seen.data.length > 0, { silenceMs });
    expect(states).toEqual(['connecting', 'live', 'lost', 'live', 'lost', 'live']);
    expect(ends).toEqual(['connection 1', 'connection 2']);
  });

  it('tries again what passes by itself, and says so once', async () => {
    const url = await serve((request, response, connection) => {
      if (connection === 1) request.socket.destroy();
      else if (connection === 2) response.writeHead(503).end();
      else if (connection === 3) response.writeHead(429).end();
      else {
        open(response);
        response.write('data: here\n\n');
      }
    });
    const { states, refused } = await follow(url, (seen) => seen.data.length > 0);
    expect(states).toEqual(['connecting', 'lost', 'live']);
    expect(refused).toBeUndefined();
  });

  it('gives up where the server refuses for good, with its words', async () => {
    let connections = 0;
    const url = await serve((_request, response) => {
      connections += 1;
      response.writeHead(404, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ title: 'No', detail: 'There is no such job.', code: 'JOB_NOT_FOUND' }));
    });
    const { refused } = await follow(url, (seen) => seen.refused !== undefined);
    expect(refused).toBeInstanceOf(ProblemError);
    expect([refused?.status, refused?.code, refused?.message]).toEqual([
      404,
      'JOB_NOT_FOUND',
      'There is no such job.',
    ]);
    expect(connections).toBe(1);
  });

  it('outlives a listener that throws', async () => {
    const url = await serve((_request, response) => {
      open(response);
      response.write('id: 1\ndata: bad\n\nid: 2\ndata: good\n\n');
    });
    const data: string[] = [];
    const original = console.error;
    console.error = () => {};
    cleanUps.unshift(() => {
      console.error = original;
    });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('too late')), DEADLINE_MS);
      const close = openStream(url, {
        onEvent: (_type, text) => {
          data.push(text);
          if (text === 'bad') throw new Error('of the listener');
          clearTimeout(timer);
          resolve();
        },
      });
      cleanUps.unshift(close);
    });
    expect(data).toEqual(['bad', 'good']);
  });

  it('is over once it is closed: the connection ends, nothing is called any more', async () => {
    let closeStream: () => void = () => {};
    const calls: string[] = [];
    const closedByPeer = new Promise<void>((resolve) => {
      void serve((_request, response) => {
        open(response);
        response.once('close', resolve);
        response.write('data: one\n\ndata: two\n\n');
      }).then((url) => {
        closeStream = openStream(url, {
          onEvent: (_type, data) => {
            calls.push(data);
            closeStream();
          },
          onState: (state) => calls.push(state),
        });
      });
    });
    await closedByPeer;
    expect(calls).toEqual(['connecting', 'live', 'one']);
  });
});

describe('the pause before another try', () => {
  it('doubles, has an upper end, and differs from page to page', () => {
    expect([1, 2, 3, 4].map((failures) => pauseBefore(failures, 500, 1))).toEqual([500, 1000, 2000, 4000]);
    expect(pauseBefore(50, 500, 1)).toBe(15_000);
    expect(pauseBefore(1, 500, 0)).toBe(250);
  });
});
