import { expect, it } from 'vitest';
import { ask, KEY, raw, startHttp, statuses } from './support.ts';

const REQUEST = (host: string, more: string, body = '') =>
  `POST /api/v1/echo HTTP/1.1\r\nHost: ${host}\r\nX-API-Key: ${KEY}\r\nContent-Type: application/json\r\n${more}\r\n${body}`;

/** What a second request hidden behind the first would look like. */
const HIDDEN = (host: string) => `GET /api/v1/whoami HTTP/1.1\r\nHost: ${host}\r\nX-API-Key: ${KEY}\r\n\r\n`;

const BROKEN: readonly (readonly [string, string, (host: string) => string])[] = [
  [
    'Content-Length beside Transfer-Encoding',
    'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n',
    (h) => `0\r\n\r\n${HIDDEN(h)}`,
  ],
  [
    'Transfer-Encoding beside Content-Length',
    'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n',
    (h) => `0\r\n\r\n${HIDDEN(h)}`,
  ],
  ['two different lengths', 'Content-Length: 2\r\nContent-Length: 70\r\n', (h) => `{}${HIDDEN(h)}`],
  ['two equal lengths', 'Content-Length: 2\r\nContent-Length: 2\r\n', (h) => `{}${HIDDEN(h)}`],
  ['a list of lengths', 'Content-Length: 2, 70\r\n', (h) => `{}${HIDDEN(h)}`],
  ['a negative length', 'Content-Length: -1\r\n', (h) => `{}${HIDDEN(h)}`],
  ['a length that is no number', 'Content-Length: 0x2\r\n', (h) => `{}${HIDDEN(h)}`],
  ['a length beyond 64 bits', 'Content-Length: 99999999999999999999999\r\n', (h) => `{}${HIDDEN(h)}`],
  ['an unknown transfer encoding', 'Transfer-Encoding: xchunked\r\n', (h) => `0\r\n\r\n${HIDDEN(h)}`],
  [
    'chunked before another encoding',
    'Transfer-Encoding: chunked, identity\r\n',
    (h) => `0\r\n\r\n${HIDDEN(h)}`,
  ],
  [
    'a chunk of 2^64 bytes',
    'Transfer-Encoding: chunked\r\n',
    (h) => `10000000000000000\r\n{}\r\n0\r\n\r\n${HIDDEN(h)}`,
  ],
  ['a chunk without a size', 'Transfer-Encoding: chunked\r\n', (h) => `zz\r\n{}\r\n0\r\n\r\n${HIDDEN(h)}`],
  [
    'a chunk longer than it says',
    'Transfer-Encoding: chunked\r\n',
    (h) => `1\r\n{}\r\n0\r\n\r\n${HIDDEN(h)}`,
  ],
  ['a blank before the colon', 'Content-Length : 2\r\n', (h) => `{}${HIDDEN(h)}`],
  ['a folded header', 'X-A: b\r\n Content-Length: 2\r\n', (h) => `{}${HIDDEN(h)}`],
  ['a bare carriage return in a value', 'X-A: b\rX-B: c\r\n', (h) => HIDDEN(h)],
  ['a zero byte in a value', 'X-A: b\0c\r\n', (h) => HIDDEN(h)],
];

it.each(BROKEN)('%s: 400, the connection is closed, nothing behind it is heard', async (_, headers, body) => {
  const server = await startHttp();
  const answer = await raw(server, REQUEST(server.host, headers, body(server.host)));
  expect(statuses(answer)).toEqual([400]);
  expect(answer).toMatch(/^Connection: close/im);
  expect(answer).not.toContain('key:first');
  expect((await ask(server, { headers: { 'X-API-Key': KEY } })).status).toBe(200);
  expect(server.log).toContainEqual(
    expect.objectContaining({
      level: 'WARNING',
      category: 'SECURITY',
      context: expect.objectContaining({ address: '127.0.0.1' }),
    }),
  );
});

it('what is no HTTP is answered 400 and closed', async () => {
  const server = await startHttp();
  for (const text of [
    '\x16\x03\x01\x02\x00\x01',
    'GET\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
  ]) {
    expect(statuses(await raw(server, text))).toEqual([400]);
  }
});

it('headers of more than 16 kB: 431, also a 1 MB credential', async () => {
  const server = await startHttp();
  const start = `GET /api/v1/whoami HTTP/1.1\r\nHost: ${server.host}\r\n`;
  for (const header of [`X-A: ${'a'.repeat(17_000)}`, `Authorization: Bearer ${'a'.repeat(1_000_000)}`]) {
    expect(statuses(await raw(server, `${start}${header}\r\n\r\n`))).toEqual([431]);
  }
  const many = Array.from({ length: 3000 }, (_, at) => `X-${at}: a`).join('\r\n');
  expect(statuses(await raw(server, `${start}${many}\r\n\r\n`))).toEqual([431]);
});

it('line breaks in echoed values do not split the answer', async () => {
  const server = await startHttp();
  for (const id of ['a%0d%0aSet-Cookie:%20x=y', 'a b', 'ä', '"', 'x'.repeat(65)]) {
    const answer = await ask(server, {
      path: `/health/live?id=${encodeURIComponent(id)}`,
      headers: { Host: server.host, 'X-Request-Id': Buffer.from(id).toString('latin1') },
    });
    expect(answer.headers['x-request-id']).toMatch(/^[\w-]{36}$/);
    expect(answer.headers['set-cookie']).toBeUndefined();
  }
  const kept = await ask(server, { path: '/health/live', headers: { 'X-Request-Id': 'my-id_1' } });
  expect(kept.headers['x-request-id']).toBe('my-id_1');
});

it('CONNECT and an upgrade lead nowhere', async () => {
  const server = await startHttp();
  expect(statuses(await raw(server, `CONNECT evil:80 HTTP/1.1\r\nHost: ${server.host}\r\n\r\n`))).toEqual([]);
  const upgrade = await raw(
    server,
    `GET /nothing HTTP/1.1\r\nHost: ${server.host}\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n`,
  );
  expect(statuses(upgrade)).toEqual([404]);
});
