import { describe, expect, test } from 'vitest';
import { PERSON, type Role, roleSchema } from '../../../src/domain/principal.ts';
import { LOCAL_TOKEN, PASSPHRASE } from '../../support/access/harness.ts';
import {
  type AuthServer,
  cookieOf,
  personCookie,
  sameForAll,
  startAuthServer,
} from '../../support/access/server.ts';
import { ask } from '../http/support.ts';

const V1 = '/api/v1';

const keyOf = async (server: AuthServer, role: Role, days?: number) =>
  server.access.keysFor(PERSON).create({ label: role, role, expiresInDays: days }, PERSON.id);

test('a person makes, lists, rotates and revokes keys; the key itself is shown once', async () => {
  const server = await startAuthServer();
  const cookie = await personCookie(server);
  const made = await server.call(
    'POST',
    `${V1}/keys`,
    { label: 'ci', role: 'agent', expires_in_days: 7 },
    { cookie },
  );
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ label: 'ci', role: 'agent', key: expect.stringMatching(/^co_.{43}$/) });
  const { id, key, prefix } = Object(made.body);
  expect(key.startsWith(prefix)).toBe(true);
  expect((await server.call('GET', `${V1}/whoami`, undefined, { key })).body).toMatchObject({
    principal: { id: `key:${id}`, roles: ['agent'] },
  });

  const rotated = await server.call('POST', `${V1}/keys/${id}/rotate`, { overlap_seconds: 5 }, { cookie });
  expect(rotated.status).toBe(201);
  const next = Object(rotated.body);
  const list = await server.call('GET', `${V1}/keys`, undefined, { cookie });
  expect(Object(list.body).keys).toHaveLength(2);
  expect(list.text).not.toContain('"key":');

  const revoked = await server.call('DELETE', `${V1}/keys/${next.id}`, undefined, { cookie });
  expect(revoked.body).toMatchObject({ id: next.id, revoked_at: expect.any(String) });
  expect((await server.call('GET', `${V1}/whoami`, undefined, { key: next.key })).status).toBe(401);
  expect((await server.call('POST', `${V1}/keys/${next.id}/rotate`, {}, { cookie })).status).toBe(409);
  expect((await server.call('DELETE', `${V1}/keys/0123456789abcdef`, undefined, { cookie })).status).toBe(
    404,
  );
});

test('a key may be rotated without a body', async () => {
  const server = await startAuthServer();
  const cookie = await personCookie(server);
  const { key } = await keyOf(server, 'agent');
  expect((await server.call('POST', `${V1}/keys/${key.id}/rotate`, undefined, { cookie })).status).toBe(201);
});

test.each([
  [{ role: 'agent' }, 'label'],
  [{ label: 'a', role: 'root' }, 'role'],
  [{ label: 'a', role: 'agent', expires_in_days: 0 }, 'expires_in_days'],
  [{ label: 'a\u001b[31m', role: 'agent' }, 'label'],
  [{ label: 'a', role: 'agent', id: 'x' }, 'id'],
])('a wish for a key that is wrong is refused by its field: %j', async (body, field) => {
  const server = await startAuthServer();
  const cookie = await personCookie(server);
  const { status, text } = await server.call('POST', `${V1}/keys`, body, { cookie });
  expect(status).toBe(400);
  expect(text).toContain(field);
});

test('unknown, expired and revoked keys get the same answer everywhere', async () => {
  const server = await startAuthServer();
  const expired = await keyOf(server, 'admin', 1);
  const revoked = await keyOf(server, 'admin');
  await server.access.keysFor(PERSON).revoke(revoked.key.id, PERSON.id);
  server.time.advance(86_400_000);
  const bad = [`co_${'x'.repeat(43)}`, expired.secret, revoked.secret, 'no-key-at-all'];
  const direct = await Promise.all(bad.map((key) => server.call('GET', `${V1}/whoami`, undefined, { key })));
  const login = await Promise.all(
    bad.map((api_key) => server.call('POST', `${V1}/auth/login/key`, { api_key })),
  );
  for (const answers of [direct, login]) {
    expect(answers[0]?.status).toBe(401);
    for (const answer of answers) expect(sameForAll(answer)).toEqual(sameForAll(answers[0] ?? answer));
  }
});

test('no passphrase and a wrong one get the same answer; five wrong ones get 429', async () => {
  const server = await startAuthServer();
  const attempt = () =>
    server.call('POST', `${V1}/auth/login/passphrase`, { passphrase: 'not this one, no' });
  const none = await attempt();
  await server.setPassphrase();
  const wrong = await attempt();
  expect(none.status).toBe(401);
  expect(sameForAll(wrong)).toEqual(sameForAll(none));
  for (let n = 0; n < 3; n += 1) expect((await attempt()).status).toBe(401);
  const locked = await server.call('POST', `${V1}/auth/login/passphrase`, { passphrase: PASSPHRASE });
  expect(locked.status).toBe(429);
  expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(500);
});

describe('roles', () => {
  /** What no credential but the person's session may do. */
  const PERSONS = [
    ['GET', '/auth/passkeys', undefined],
    ['POST', '/auth/passkeys/options', { passphrase: PASSPHRASE }],
    ['DELETE', '/auth/passkeys/abc', { passphrase: PASSPHRASE }],
  ] as const;
  const KEYS = [
    ['GET', '/keys', undefined],
    ['POST', '/keys', { label: 'mine', role: 'admin' }],
    ['DELETE', '/keys/0123456789abcdef', undefined],
    ['POST', '/keys/0123456789abcdef/rotate', {}],
  ] as const;

  test('keys are for admins; passkeys are for the person alone; the refusal is logged', async () => {
    const server = await startAuthServer();
    await server.setPassphrase();
    for (const role of roleSchema.options) {
      const { secret: key } = await keyOf(server, role);
      for (const [method, path, body] of PERSONS) {
        expect((await server.call(method, V1 + path, body, { key })).status, `${role} ${path}`).toBe(403);
      }
      for (const [method, path, body] of KEYS) {
        const { status } = await server.call(method, V1 + path, body, { key });
        expect(status === 403, `${role} ${method} ${path}: ${status}`).toBe(role !== 'admin');
      }
    }
    expect(server.security().filter((message) => message === 'role refused')).toHaveLength(4 * 3 + 3 * 4);
  });

  test('the agent’s token, and the session that its link opens, get to no route of a person', async () => {
    const server = await startAuthServer();
    await server.setPassphrase();
    const { url } = Object((await server.call('POST', `${V1}/auth/link`, {}, { key: LOCAL_TOKEN })).body);
    const cookie = cookieOf(await server.call('GET', url));
    for (const wish of [{ key: LOCAL_TOKEN }, { cookie }]) {
      for (const [method, path, body] of [...PERSONS, ...KEYS]) {
        const { status, body: answer } = await server.call(method, V1 + path, body, wish);
        expect(status, `${method} ${path}`).toBe(403);
        expect(answer).toMatchObject({ code: 'API_FORBIDDEN' });
      }
    }
    expect(await server.access.keysFor(PERSON).list()).toEqual([]);
    // Nor does it get in as a key.
    expect((await server.call('POST', `${V1}/auth/login/key`, { api_key: LOCAL_TOKEN })).status).toBe(401);
  });

  test('without a credential there is nothing', async () => {
    const server = await startAuthServer();
    for (const [method, path, body] of [...PERSONS, ...KEYS]) {
      expect((await server.call(method, V1 + path, body)).status, `${method} ${path}`).toBe(401);
    }
    expect((await server.call('POST', `${V1}/auth/link`, {})).status).toBe(401);
    expect((await server.call('GET', `${V1}/auth/session`)).status).toBe(401);
  });

  test('only this user’s token makes links', async () => {
    const server = await startAuthServer();
    const cookie = await personCookie(server);
    const { secret: key } = await keyOf(server, 'admin');
    expect((await server.call('POST', `${V1}/auth/link`, {}, { key })).status).toBe(403);
    expect((await server.call('POST', `${V1}/auth/link`, {}, { cookie })).status).toBe(401);
  });
});

describe('sessions', () => {
  test('a login answers the session and sets a cookie that only the server’s own pages send', async () => {
    const server = await startAuthServer();
    await server.setPassphrase();
    const login = await server.call('POST', `${V1}/auth/login/passphrase`, { passphrase: PASSPHRASE });
    expect(login.status).toBe(200);
    const [set = ''] = login.headers.getSetCookie();
    expect(set).toMatch(/^co_session=[A-Za-z0-9_-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(login.body).toEqual({
      principal: 'person',
      roles: ['approver', 'admin'],
      via: 'passphrase',
      expires_at: new Date(server.time.clock.now() + 43_200_000).toISOString(),
      person: { passphrase_set: true, passkeys: 0 },
    });
    const cookie = cookieOf(login);
    expect((await server.call('GET', `${V1}/auth/session`, undefined, { cookie })).body).toEqual(login.body);

    const out = await server.call('POST', `${V1}/auth/logout`, {}, { cookie });
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()[0]).toMatch(/^co_session=; Max-Age=0/);
    expect((await server.call('GET', `${V1}/auth/session`, undefined, { cookie })).status).toBe(401);
    expect((await server.call('GET', `${V1}/whoami`, undefined, { cookie })).status).toBe(401);
  });

  test('behind TLS the cookie is Secure; on this machine’s own plain name it still works', async () => {
    const server = await startAuthServer({ publicUrl: 'https://orchestrator.example' });
    await server.setPassphrase();
    const login = async (host: string) =>
      ask(server, {
        method: 'POST',
        path: `${V1}/auth/login/passphrase`,
        headers: { host, 'content-type': 'application/json' },
        body: JSON.stringify({ passphrase: PASSPHRASE }),
      });
    expect((await login('orchestrator.example')).headers['set-cookie']?.[0]).toContain('; Secure');
    expect((await login(`localhost:${server.port}`)).headers['set-cookie']?.[0]).not.toContain('Secure');
  });

  test('a new login ends the session that the browser had', async () => {
    const server = await startAuthServer();
    const before = await personCookie(server);
    const again = await server.call(
      'POST',
      `${V1}/auth/login/passphrase`,
      { passphrase: PASSPHRASE },
      { cookie: before },
    );
    expect((await server.call('GET', `${V1}/auth/session`, undefined, { cookie: before })).status).toBe(401);
    const cookie = cookieOf(again);
    expect((await server.call('GET', `${V1}/auth/session`, undefined, { cookie })).status).toBe(200);
  });

  test('a page of another origin can do nothing with the session', async () => {
    const server = await startAuthServer();
    const cookie = await personCookie(server);
    for (const headers of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:1' },
    ]) {
      const reply = await server.call(
        'POST',
        `${V1}/keys`,
        { label: 'x', role: 'admin' },
        { cookie, headers },
      );
      expect(reply.status).toBe(403);
      expect((await server.call('POST', `${V1}/auth/logout`, {}, { cookie, headers })).status).toBe(403);
    }
    expect((await server.call('GET', `${V1}/auth/session`, undefined, { cookie })).status).toBe(200);
  });

  test('a key signs a browser in as itself', async () => {
    const server = await startAuthServer();
    const { secret, key } = await keyOf(server, 'viewer');
    const login = await server.call('POST', `${V1}/auth/login/key`, { api_key: secret });
    expect(login.body).toMatchObject({ principal: `key:${key.id}`, roles: ['viewer'], via: 'key' });
  });
});

describe('links', () => {
  test('a link opens the dashboard once as the local agent, with a cookie and without its code', async () => {
    const server = await startAuthServer();
    const made = await server.call('POST', `${V1}/auth/link`, {}, { key: LOCAL_TOKEN });
    const { url } = Object(made.body);
    expect(url.startsWith(`${server.url}${V1}/auth/link/`)).toBe(true);
    const opened = await server.call('GET', url);
    expect(opened.status).toBe(303);
    expect(opened.headers.get('location')).toBe('/');
    const cookie = cookieOf(opened);
    expect((await server.call('GET', `${V1}/auth/session`, undefined, { cookie })).body).toMatchObject({
      principal: 'local-agent',
      roles: ['agent'],
      via: 'link',
    });

    const again = await server.call('GET', url);
    expect(again.status).toBe(410);
    expect(again.headers.getSetCookie()).toEqual([]);
    expect(again.headers.get('content-type')).toContain('text/html');
    expect(again.text).toContain('claude-orchestrator dashboard');
  });

  test('only who opens a link uses it up: no HEAD, and nothing that a browser fetches ahead', async () => {
    const server = await startAuthServer();
    const { url } = Object((await server.call('POST', `${V1}/auth/link`, {}, { key: LOCAL_TOKEN })).body);
    const head = await server.call('HEAD', url);
    expect(head.status).toBe(405);
    expect(head.headers.get('allow')).toBe('GET');
    expect(head.headers.getSetCookie()).toEqual([]);
    const { port, pathname } = new URL(url);
    for (const ahead of [
      { 'Sec-Purpose': 'prefetch' },
      { 'Sec-Purpose': 'prefetch;prerender' },
      { Purpose: 'prefetch' },
      { 'X-Moz': 'prefetch' },
    ]) {
      const { status, headers } = await ask(
        { port: Number(port) },
        { path: pathname, headers: { ...ahead, Host: `127.0.0.1:${port}` } },
      );
      expect([ahead, status, headers['set-cookie']]).toEqual([ahead, 403, undefined]);
    }
    expect((await server.call('GET', url)).status).toBe(303);
  });

  test('used, expired and unknown links show one page', async () => {
    const server = await startAuthServer();
    const make = async () => {
      const { body } = await server.call('POST', `${V1}/auth/link`, {}, { key: LOCAL_TOKEN });
      return String(Object(body).url);
    };
    const used = await make();
    await server.call('GET', used);
    const late = await make();
    server.time.advance(60_000);
    const pages = await Promise.all(
      [used, late, `${V1}/auth/link/nothing`].map((url) => server.call('GET', url)),
    );
    expect(new Set(pages.map(({ text, status }) => `${status} ${text}`))).toHaveLength(1);
  });

  test('a person who opens a link stays the person', async () => {
    const server = await startAuthServer();
    const cookie = await personCookie(server);
    const { url } = Object((await server.call('POST', `${V1}/auth/link`, {}, { key: LOCAL_TOKEN })).body);
    const opened = await server.call('GET', url, undefined, { cookie });
    expect(opened.status).toBe(303);
    expect(opened.headers.getSetCookie()).toEqual([]);
    expect((await server.call('GET', `${V1}/auth/session`, undefined, { cookie })).body).toMatchObject({
      principal: 'person',
    });
  });
});

test('everyone may read who issues tokens for the server', async () => {
  const server = await startAuthServer();
  for (const path of ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp']) {
    const { status, body, headers } = await server.call('GET', path);
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(body).toMatchObject({
      resource: `${server.url}/mcp`,
      authorization_servers: ['https://issuer.example'],
      bearer_methods_supported: ['header'],
      scopes_supported: [
        'orchestrator:agent',
        'orchestrator:viewer',
        'orchestrator:approver',
        'orchestrator:admin',
      ],
    });
  }
});
