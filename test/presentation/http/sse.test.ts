import { connect, type Socket } from 'node:net';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { principalIdSchema } from '../../../src/domain/principal.ts';
import type { HttpEnv } from '../../../src/presentation/http/env.ts';
import { OpenStreams } from '../../../src/presentation/http/openStreams.ts';
import { openSse, type Sse, type SseOptions } from '../../../src/presentation/http/sse.ts';
import { eventually } from '../../support/processes.ts';
import { ask, type HttpUnderTest, KEY, OTHER_KEY, SESSION, startHttp, withKey } from './support.ts';

/** A route that opens a stream and hands it to the test. */
const startStreams = async (
  o: Partial<SseOptions> & { readonly most?: number; readonly spent?: ReadonlySet<string> } = {},
) => {
  const streams = new OpenStreams(o.most);
  const opened: Sse[] = [];
  const waiting: (() => number)[] = [];
  const rest = new Hono<HttpEnv>()
    .get('/whoami', (c) => c.json({ ok: true }))
    .get('/stream', (c) => {
      const sse = openSse(c, { ...o, streams });
      opened.push(sse);
      waiting.push(() => c.env.outgoing.writableLength);
      return sse.response;
    });
  const server = await startHttp({ parts: { rest }, streams, spent: o.spent, settings: { rateLimit: 0 } });
  return { server, streams, opened, waiting };
};

type Listener = { readonly socket: Socket; readonly text: () => string; readonly closed: Promise<void> };

const listenTo = (server: HttpUnderTest, headers = `X-API-Key: ${KEY}`, method = 'GET'): Listener => {
  const socket = connect(server.port, '127.0.0.1', () =>
    socket.write(`${method} /api/v1/stream HTTP/1.1\r\nHost: ${server.host}\r\n${headers}\r\n\r\n`),
  );
  let text = '';
  socket.on('data', (data) => {
    text += data.toString();
  });
  socket.on('error', () => {});
  return { socket, text: () => text, closed: new Promise((resolve) => socket.on('close', () => resolve())) };
};

const first = async ({ opened }: { opened: readonly Sse[] }): Promise<Sse> =>
  eventually('an open stream', () => opened[0]);

it('sends events, ids and comments as event streams have them', async () => {
  const under = await startStreams();
  const client = listenTo(under.server, `X-API-Key: ${KEY}\r\nX-Request-Id: mine`);
  const sse = await first(under);
  sse.send({ event: 'happening', id: 7, data: { a: 'x\ny' } });
  sse.send({ data: 'two\r\nlines\rand three' });
  sse.send({ event: 'a\nevent: forged', id: '1\n2', data: '' });
  sse.comment('a\n\ndata: forged');
  sse.end();
  await eventually('the end of the stream', () => client.text().includes('\r\n0\r\n\r\n'));
  const text = client.text();
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(text).toMatch(/^content-type: text\/event-stream\r$/im);
  expect(text).toMatch(/^cache-control: no-store\r$/im);
  expect(text).toMatch(/^x-request-id: mine\r$/im);
  expect(text).not.toMatch(/x-hono/i);
  expect(text).toContain('event: happening\nid: 7\ndata: {"a":"x\\ny"}\n\n');
  expect(text).toContain('data: two\ndata: lines\ndata: and three\n\n');
  expect(text).toContain('event: a event: forged\nid: 1 2\ndata: \n\n');
  expect(text).toContain(': a data: forged\n\n');
  // The connection serves the next request.
  client.socket.write(`GET /health/live HTTP/1.1\r\nHost: ${under.server.host}\r\n\r\n`);
  await eventually('the next answer', () => client.text().includes('"live"'));
  client.socket.destroy();
});

it('tells of the limit and of request ids on streams, too', async () => {
  const streams = new OpenStreams();
  const rest = new Hono<HttpEnv>().get('/stream', (c) => {
    const sse = openSse(c, { streams });
    sse.end();
    return sse.response;
  });
  const server = await startHttp({ parts: { rest }, streams });
  const { headers } = await ask(server, { path: '/api/v1/stream', headers: withKey });
  expect(headers).toMatchObject({ 'ratelimit-limit': '100', 'ratelimit-remaining': '99' });
});

it('a heartbeat comes on its own', async () => {
  const under = await startStreams({ heartbeatMs: 5 });
  const client = listenTo(under.server);
  await eventually('two heartbeats', () => client.text().split('\r\n:\n\n').length > 2);
  client.socket.destroy();
});

it('counts streams until they are gone', async () => {
  const under = await startStreams();
  const { streams, server } = under;
  const clients = [
    listenTo(server),
    listenTo(server, `X-API-Key: ${KEY}`),
    listenTo(server, `Cookie: co_session=${SESSION}`),
  ];
  await eventually('three streams', () => streams.count() === 3);
  expect(streams.count()).toBe(3);
  for (const { socket } of clients) socket.destroy();
  await eventually('no stream', () => streams.count() === 0);
  for (const { closed, send } of under.opened) {
    expect(closed.aborted).toBe(true);
    expect(send({ data: 'late' })).toBe(false);
  }
});

it('a credential that is taken back loses its streams, others keep theirs', async () => {
  const { server, streams } = await startStreams();
  const [mine, theirs] = [listenTo(server), listenTo(server, `Cookie: co_session=${SESSION}`)];
  await eventually('two streams', () => streams.count() === 2);
  streams.endOf(principalIdSchema.parse('key:first'));
  await eventually('the end of the stream', () => mine.text().endsWith('\r\n0\r\n\r\n'));
  expect(streams.count()).toBe(1);
  for (const { socket } of [mine, theirs]) socket.destroy();
});

it.each([
  ['key', KEY, OTHER_KEY],
  ['session', SESSION, KEY],
])('a stream ends by itself when its %s is good no more, and no other does', async (_, lost, kept) => {
  const spent = new Set<string>();
  const { server, streams } = await startStreams({ heartbeatMs: 5, spent });
  const by = (secret: string) =>
    listenTo(server, secret === SESSION ? `Cookie: co_session=${SESSION}` : `X-API-Key: ${secret}`);
  const [mine, theirs] = [by(lost), by(kept)];
  await eventually('two streams that live', () =>
    [mine, theirs].every(({ text }) => text().split('\r\n:\n\n').length > 3),
  );
  spent.add(lost);
  await eventually('the end of the stream', () => mine.text().endsWith('\r\n0\r\n\r\n'));
  const length = theirs.text().length;
  await eventually('more of the other', () => theirs.text().length > length + 20);
  expect(streams.count()).toBe(1);
  theirs.socket.destroy();
  mine.socket.destroy();
});

it('of one principal’s streams only those end whose own credential is spent', async () => {
  const spent = new Set<string>();
  const streams = new OpenStreams();
  const ended: string[] = [];
  const enter = (name: string, stillGood: () => Promise<boolean>, principal = 'person') =>
    streams.enter({
      principal: principalIdSchema.parse(principal),
      stillGood,
      end: () => void ended.push(name),
    });
  enter('spent', async () => !spent.has('spent'));
  enter('good', async () => !spent.has('good'));
  enter('unknown', () => Promise.reject(new Error('the store is closed')));
  enter('other', async () => false, 'key:first');
  spent.add('spent');
  await streams.endSpent(principalIdSchema.parse('person'));
  expect(ended.toSorted()).toEqual(['spent', 'unknown']);
});

it('more streams than there may be are 503, and HEAD holds none', async () => {
  const { server, streams } = await startStreams({ most: 1 });
  const path = '/api/v1/stream';
  const head = await ask(server, { method: 'HEAD', path, headers: withKey });
  expect(head).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } });
  const client = listenTo(server);
  await eventually('one stream', () => streams.count() === 1);
  const refused = await ask(server, { path, headers: withKey });
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  client.socket.destroy();
  await eventually('no stream', () => streams.count() === 0);
});

it('a stop ends all streams in good order', async () => {
  const { server, streams } = await startStreams();
  const clients = Array.from({ length: 20 }, () => listenTo(server));
  await eventually('all streams', () => streams.count() === 20);
  await server.close(10_000);
  await Promise.all(clients.map(({ closed }) => closed));
  for (const client of clients) expect(client.text()).toMatch(/\r\n0\r\n\r\n$/);
});

it('P13: 200 clients that never read are dropped at 512 kB each, and slow no one', async () => {
  const under = await startStreams();
  const { server, streams } = under;
  const sockets = Array.from({ length: 200 }, () => {
    const socket = connect(server.port, '127.0.0.1', () =>
      socket.write(`GET /api/v1/stream HTTP/1.1\r\nHost: ${server.host}\r\nX-API-Key: ${KEY}\r\n\r\n`),
    );
    socket.pause();
    socket.on('error', () => {});
    return socket;
  });
  await eventually('200 streams', () => streams.count() === 200);
  const reader = listenTo(server);
  await eventually('the reader', () => streams.count() === 201);

  const data = 'x'.repeat(4000);
  let most = 0;
  let rounds = 0;
  const others: number[] = [];
  while (streams.count() > 1 && rounds < 5000) {
    rounds += 1;
    for (const [at, sse] of under.opened.entries()) {
      sse.send({ event: 'happening', id: rounds, data });
      most = Math.max(most, under.waiting[at]?.() ?? 0);
    }
    const from = performance.now();
    expect((await ask(server, { path: '/health/live' })).status).toBe(200);
    others.push(performance.now() - from);
  }
  expect(streams.count()).toBe(1);
  expect(most).toBeLessThanOrEqual(512 * 1024);
  const p99 = others.toSorted((a, b) => a - b)[Math.floor(others.length * 0.99)] ?? 0;
  expect(p99).toBeLessThan(200);
  // Who reads has everything.
  await eventually('the last event', () => reader.text().includes(`id: ${rounds}\n`));
  reader.socket.destroy();
  for (const socket of sockets) socket.destroy();
});

it('a route that waits for its client is never cut off for its own speed', async () => {
  const under = await startStreams();
  const client = listenTo(under.server);
  const sse = await first(under);
  for (let at = 0; at < 200; at += 1) {
    expect(sse.send({ id: at, data: 'x'.repeat(100_000) })).toBe(true);
    await sse.drained();
  }
  sse.end();
  await eventually('20 MB', () => client.text().includes('id: 199\n') && client.text().endsWith('0\r\n\r\n'));
  client.socket.destroy();
});
