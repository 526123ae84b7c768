import { connect } from 'node:net';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { HttpEnv } from '../../../src/presentation/http/env.ts';
import { MAX_AUTH_BODY_BYTES, MAX_BODY_BYTES } from '../../../src/presentation/http/middleware/jsonBody.ts';
import { eventually } from '../../support/processes.ts';
import { ask, KEY, raw, startHttp, statuses, withKey } from './support.ts';

const json = { ...withKey, 'Content-Type': 'application/json' };
const echo = { method: 'POST', path: '/api/v1/echo' } as const;

const start = (host: string, more: string) =>
  `POST /api/v1/echo HTTP/1.1\r\nHost: ${host}\r\nX-API-Key: ${KEY}\r\nContent-Type: application/json\r\n${more}\r\n`;

/** Sends zeros as fast as they are taken, until the server closes. */
const pour = (port: number, head: string, chunked: boolean): Promise<{ sent: number; answer: string }> =>
  new Promise((resolve) => {
    const zeros = '0'.repeat(65_536);
    const piece = Buffer.from(chunked ? `10000\r\n${zeros}\r\n` : zeros);
    let sent = 0;
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(head);
      more();
    });
    const more = () => {
      while (!socket.destroyed && sent < 2_000_000_000) {
        sent += piece.length;
        if (!socket.write(piece)) return;
      }
    };
    socket.on('drain', more);
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve({ sent, answer }));
  });

it('a body of 4 MB passes, one byte more is 413', async () => {
  const server = await startHttp();
  const fits = await ask(server, { ...echo, headers: json, body: '0'.repeat(MAX_BODY_BYTES) });
  expect(fits).toMatchObject({ status: 200, body: `{"got":${MAX_BODY_BYTES}}` });
  const over = await ask(server, { ...echo, headers: json, body: '0'.repeat(MAX_BODY_BYTES + 1) });
  expect(over.status).toBe(413);
  expect(JSON.parse(over.body)).toMatchObject({ code: 'HTTP_PAYLOAD_TOO_LARGE', title: 'Payload Too Large' });
});

it('a chunked body passes, too, and is as bounded', async () => {
  const server = await startHttp();
  const chunked = { ...json, 'Transfer-Encoding': 'chunked' };
  expect((await ask(server, { ...echo, headers: chunked, body: '[1,2]' })).body).toBe('{"got":5}');
  const over = await ask(server, { ...echo, headers: chunked, body: '0'.repeat(MAX_BODY_BYTES + 1) });
  expect(over.status).toBe(413);
});

it('what says it is too large is refused before any of it has come', async () => {
  const server = await startHttp();
  const answer = await ask(server, {
    ...echo,
    headers: { ...json, 'Content-Length': String(10 ** 12), Expect: '100-continue' },
  }).catch(() => undefined);
  // Node's client cannot end a body that it promised; a raw one shows what came.
  expect(answer === undefined || answer.status === 413).toBe(true);
  const text = await raw(server, start(server.host, `Content-Length: ${10 ** 12}\r\n`));
  expect(statuses(text)).toEqual([413]);
});

it.each([
  ['with a length', `Content-Length: ${10 ** 12}\r\n`, false],
  ['in chunks', 'Transfer-Encoding: chunked\r\n', true],
])(
  'an endless body %s is cut off long before its end, and others are served meanwhile',
  async (_, more, chunked) => {
    const server = await startHttp();
    const before = process.memoryUsage.rss();
    const pouring = pour(server.port, start(server.host, more), chunked);
    expect((await ask(server, { headers: withKey })).status).toBe(200);
    const { sent, answer } = await pouring;
    expect(sent).toBeLessThan(2_000_000_000);
    // A close while bytes come may cost the client its answer, but never gives it another one.
    expect([[], [413]]).toContainEqual(statuses(answer));
    expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
  },
);

it('a body that breaks off is no request', async () => {
  const server = await startHttp();
  const socket = connect(server.port, '127.0.0.1');
  socket.write(start(server.host, 'Content-Length: 100\r\n'));
  socket.end('{"half":');
  const answer = await new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
  expect(answer).not.toContain('"got"');
  expect((await ask(server, { headers: withKey })).status).toBe(200);
});

it('anything but plain JSON is 415', async () => {
  const server = await startHttp();
  for (const [type, encoding] of [
    ['text/plain', undefined],
    ['application/x-www-form-urlencoded', undefined],
    ['multipart/form-data; boundary=x', undefined],
    ['application/json-seq', undefined],
    ['', undefined],
    ['application/json', 'gzip'],
  ] as const) {
    const headers = {
      ...withKey,
      'Content-Type': type,
      ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
    };
    expect([type, (await ask(server, { ...echo, headers, body: '{}' })).status]).toEqual([type, 415]);
  }
  const charset = { ...withKey, 'Content-Type': 'Application/JSON; charset=utf-8' };
  expect((await ask(server, { ...echo, headers: charset, body: '{}' })).status).toBe(200);
  expect((await ask(server, { ...echo, headers: withKey })).status).toBe(200);
});

it('who accepts nothing that the API has gets 406', async () => {
  const server = await startHttp();
  for (const accept of ['image/png', 'application/xml', 'application/json;q=0', '*/*;q=0']) {
    expect([accept, (await ask(server, { headers: { ...withKey, Accept: accept } })).status]).toEqual([
      accept,
      406,
    ]);
  }
  for (const accept of [
    '*/*',
    'application/*',
    'application/json',
    'text/event-stream',
    'image/png, */*;q=0.1',
    '',
  ]) {
    expect((await ask(server, { headers: { ...withKey, Accept: accept } })).status).toBe(200);
  }
});

const LOGIN = '/api/v1/auth/login/passphrase';
const startLogin = () => {
  const auth = new Hono<HttpEnv>().post('/auth/login/passphrase', async (c) =>
    c.json({ got: (await c.req.text()).length }),
  );
  return startHttp({ parts: { auth } });
};
const loginHead = (host: string, more: string) =>
  `POST ${LOGIN} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n${more}\r\n`;

it('who signs in sends at most 64 kB, by its header alone and while it comes', async () => {
  const server = await startLogin();
  const plain = { 'Content-Type': 'application/json' };
  const post = (headers: Record<string, string>, length: number) =>
    ask(server, { method: 'POST', path: LOGIN, headers, body: '0'.repeat(length) });
  expect((await post(plain, MAX_AUTH_BODY_BYTES)).body).toBe(`{"got":${MAX_AUTH_BODY_BYTES}}`);
  expect((await post(plain, MAX_AUTH_BODY_BYTES + 1)).status).toBe(413);
  const chunked = { ...plain, 'Transfer-Encoding': 'chunked' };
  expect((await post(chunked, MAX_AUTH_BODY_BYTES + 1)).status).toBe(413);
  const length = `Content-Length: ${MAX_AUTH_BODY_BYTES + 1}\r\n`;
  expect(statuses(await raw(server, loginHead(server.host, length)))).toEqual([413]);
  // A good credential does not widen it.
  expect((await post({ ...plain, ...withKey }, MAX_AUTH_BODY_BYTES + 1)).status).toBe(413);
});

it('bodies that are held back are 32 at most, and keep nobody from signing in', async () => {
  const server = await startLogin();
  const held = Array.from({ length: 100 }, () => {
    const socket = connect(server.port, '127.0.0.1', () =>
      socket.write(loginHead(server.host, `Content-Length: ${MAX_AUTH_BODY_BYTES}\r\n`) + '0'.repeat(60_000)),
    );
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('error', () => {});
    return { socket, text: () => text };
  });
  const refused = () => held.filter(({ text }) => statuses(text()).includes(503));
  await eventually('the oldest to make room', () => refused().length === 68);
  for (const { text } of refused()) expect(text()).toMatch(/^retry-after: 1\r$/im);
  const headers = { 'Content-Type': 'application/json' };
  expect(await ask(server, { method: 'POST', path: LOGIN, headers, body: '{}' })).toMatchObject({
    status: 200,
    body: '{"got":2}',
  });
  // One more had to go for it.
  await eventually('31 that are read', () => refused().length === 69);
  const waiting = held.filter(({ text }) => text() === '');
  expect(waiting).toHaveLength(31);
  // Who ends their body is answered as ever, and makes room.
  for (const { socket } of waiting) socket.write('0'.repeat(MAX_AUTH_BODY_BYTES - 60_000));
  await eventually('the answers', () => waiting.every(({ text }) => statuses(text()).includes(200)));
  for (const { socket } of held) socket.destroy();
});
