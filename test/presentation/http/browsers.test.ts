import { Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import { expect, it } from 'vitest';
import type { HttpEnv } from '../../../src/presentation/http/env.ts';
import { ask, raw, SESSION, startHttp, statuses, TOKEN, withKey } from './support.ts';

const EVIL = 'https://evil.example';
const LISTED = 'https://tools.example';

it('answers only under its own hosts', async () => {
  const server = await startHttp();
  const { port } = server;
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    `127.0.0.1.nip.io:${port}`,
    '127.0.0.1',
    `127.0.0.1:${port + 1}`,
    `127.0.0.1:${port}.evil.example`,
    `localhost.:${port}`,
    `[::1]:${port}`,
    `2130706433:${port}`,
  ]) {
    const answer = await ask(server, { path: '/health/live', headers: { Host: host } });
    expect([host, answer.status]).toEqual([
      host,
      host.startsWith('127.0.0.1:') && host.endsWith('example') ? 400 : 421,
    ]);
    expect(answer.body).not.toContain('live');
  }
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`]) {
    expect((await ask(server, { path: '/health/live', headers: { Host: host } })).status).toBe(200);
  }
});

it('a request without a host, with two, or with one in its target is 400', async () => {
  const server = await startHttp();
  const own = `Host: ${server.host}\r\n`;
  const hosts = [
    '',
    `${own}Host: evil.example\r\n`,
    `Host: evil.example\r\n${own}`,
    `${own}${own}`,
    'Host:\r\n',
    'Host: a b\r\n',
  ];
  for (const lines of hosts) {
    const answer = await raw(server, `GET /health/live HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`);
    expect([lines, statuses(answer)]).toEqual([lines, [400]]);
  }
  const old = await raw(server, 'GET /health/live HTTP/1.0\r\n\r\n');
  expect(statuses(old)).toEqual([400]);
  const absolute = `GET http://evil.example/health/live HTTP/1.1\r\n${own}Connection: close\r\n\r\n`;
  expect(statuses(await raw(server, absolute))).toEqual([400]);
});

it('pages of other origins are refused at every route, with a good key, too', async () => {
  const server = await startHttp({ settings: { corsOrigins: [LISTED] } });
  for (const path of ['/', '/health/live', '/api/v1/whoami', '/api/v1/auth/session', '/mcp', '/nothing']) {
    for (const origin of [
      EVIL,
      'null',
      `${server.url}.evil.example`,
      server.url.replace('http', 'https'),
      '',
      `${LISTED}/`,
    ]) {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const answer = await ask(server, { method, path, headers: { ...withKey, Origin: origin } });
        expect([path, origin, method, answer.status]).toEqual([path, origin, method, 403]);
        expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      }
    }
  }
  const twice = await ask(server, { headers: { ...withKey, Origin: [server.url, EVIL] } });
  expect(twice.status).toBe(403);
  expect((await ask(server, { headers: { ...withKey, Origin: server.url } })).status).toBe(200);
});

it('a listed origin may call, never with cookies, and may read what it needs', async () => {
  const server = await startHttp({ settings: { corsOrigins: [LISTED] } });
  const preflight = await ask(server, {
    method: 'OPTIONS',
    headers: {
      Origin: LISTED,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'x-api-key',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers).toMatchObject({ 'access-control-allow-origin': LISTED });
  expect(preflight.headers['access-control-allow-headers']).toContain('X-API-Key');
  const answer = await ask(server, { headers: { ...withKey, Origin: LISTED } });
  expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': LISTED } });
  expect(answer.headers['access-control-expose-headers']).toContain('RateLimit-Remaining');
  for (const { headers } of [preflight, answer])
    expect(headers['access-control-allow-credentials']).toBeUndefined();
});

it('without a list no origin is allowed to read', async () => {
  const server = await startHttp();
  const own = await ask(server, { headers: { ...withKey, Origin: server.url } });
  expect(own.headers['access-control-allow-origin']).toBeUndefined();
});

it('a session changes something only from a page of the server', async () => {
  const server = await startHttp({ settings: { corsOrigins: [LISTED] } });
  const cookie = { Cookie: `co_session=${SESSION}` };
  const post = async (headers: Record<string, string>): Promise<number> =>
    (await ask(server, { method: 'POST', path: '/api/v1/echo', headers: { ...cookie, ...headers } })).status;
  expect(await post({})).toBe(403);
  expect(await post({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
  expect(await post({ 'Sec-Fetch-Site': 'same-site' })).toBe(403);
  expect(await post({ 'Sec-Fetch-Site': 'none' })).toBe(403);
  expect(await post({ Origin: EVIL })).toBe(403);
  expect(await post({ Origin: EVIL, 'Sec-Fetch-Site': 'same-origin' })).toBe(403);
  // Listed for keys, not for this browser's session.
  expect(await post({ Origin: LISTED, 'Sec-Fetch-Site': 'same-origin' })).toBe(403);
  expect(await post({ Origin: server.url })).toBe(200);
  expect(await post({ 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
  expect((await ask(server, { headers: cookie })).body).toContain('"via":"cookie"');
  // A key is no ambient authority.
  expect((await ask(server, { method: 'POST', path: '/api/v1/echo', headers: withKey })).status).toBe(200);
});

it('a form of another page cannot sign anyone in', async () => {
  const auth = new Hono<HttpEnv>().post('/auth/login/key', (c) => c.json({}));
  const server = await startHttp({ parts: { auth } });
  const login = async (headers: Record<string, string>): Promise<number> =>
    (await ask(server, { method: 'POST', path: '/api/v1/auth/login/key', headers, body: '{}' })).status;
  expect(await login({ Origin: EVIL, 'Content-Type': 'application/json' })).toBe(403);
  expect(await login({ 'Content-Type': 'text/plain' })).toBe(415);
  expect(await login({ 'Content-Type': 'application/x-www-form-urlencoded' })).toBe(415);
  expect(await login({ 'Content-Type': 'application/json' })).toBe(200);
});

it('a cookie that a route sets comes once, with every kind of answer', async () => {
  const auth = new Hono<HttpEnv>()
    .post('/auth/json', (c) => {
      setCookie(c, 'co_session', 'new', { httpOnly: true, sameSite: 'Strict' });
      return c.json({});
    })
    .get('/auth/link/:code', (c) => {
      setCookie(c, 'co_session', 'new', { httpOnly: true, sameSite: 'Strict' });
      return c.redirect('/', 303);
    });
  const server = await startHttp({ parts: { auth } });
  const answers = [
    await ask(server, { method: 'POST', path: '/api/v1/auth/json' }),
    await ask(server, { path: '/api/v1/auth/link/abc' }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 303]);
  for (const { headers } of answers) {
    expect(headers['set-cookie']).toEqual(['co_session=new; Path=/; HttpOnly; SameSite=Strict']);
  }
});

it('every answer says what browsers must not do with it', async () => {
  const server = await startHttp();
  const answers = [
    await ask(server, { headers: withKey }),
    await ask(server),
    await ask(server, { path: '/nothing' }),
    await ask(server, { path: '/health/live' }),
    await ask(server, { headers: { Origin: EVIL } }),
    await ask(server, { headers: { Host: 'evil.example' } }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 401, 404, 200, 403, 421]);
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      'content-security-policy':
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['x-request-id']).toMatch(/^[\w-]{36}$/);
  }
});

it('behind https the browser is told to stay with it', async () => {
  const server = await startHttp({ settings: { publicUrl: 'https://orchestrator.example' } });
  const { headers } = await ask(server, { headers: { 'X-API-Key': TOKEN } });
  expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}$/);
});
