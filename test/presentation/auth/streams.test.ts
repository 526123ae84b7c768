import { expect, onTestFinished, test } from 'vitest';
import { PERSON, type Role } from '../../../src/domain/principal.ts';
import { LOCAL_TOKEN, PASSPHRASE } from '../../support/access/harness.ts';
import {
  type AuthServer,
  cookieOf,
  personCookie,
  startAuthServer,
  type Wish,
} from '../../support/access/server.ts';
import { eventually } from '../../support/processes.ts';

const V1 = '/api/v1';
const DAY_MS = 86_400_000;
/** So rare that no test sees one: what ends here ends at once. */
const NEVER_MS = 3_600_000;

const keyOf = async (server: AuthServer, role: Role, days?: number) =>
  server.access.keysFor(PERSON).create({ label: role, role, expiresInDays: days }, PERSON.id);

type Stream = { readonly isOpen: () => boolean };

/** Opens a stream that stands when this resolves. */
const listenAs = async (server: AuthServer, { key, cookie }: Wish): Promise<Stream> => {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const { body, status } = await fetch(`${server.url}${V1}/stream`, {
    headers: {
      ...(key === undefined ? {} : { 'x-api-key': key }),
      ...(cookie === undefined ? {} : { cookie }),
    },
    signal: stop.signal,
  });
  expect(status).toBe(200);
  const reader = body?.getReader();
  await reader?.read();
  let isOpen = true;
  const drain = async () => {
    while ((await reader?.read())?.done === false);
  };
  void drain()
    .catch(() => {})
    .finally(() => {
      isOpen = false;
    });
  return { isOpen: () => isOpen };
};

const ended = (stream: Stream) => eventually('the end of the stream', () => !stream.isOpen());

const login = async (server: AuthServer, cookie?: string): Promise<string> =>
  cookieOf(
    await server.call(
      'POST',
      `${V1}/auth/login/passphrase`,
      { passphrase: PASSPHRASE },
      cookie === undefined ? {} : { cookie },
    ),
  );

test('a logout ends the streams of its session at once, and of no other session or token', async () => {
  const server = await startAuthServer({ heartbeatMs: NEVER_MS });
  const cookie = await personCookie(server);
  const mine = await listenAs(server, { cookie });
  const elsewhere = await listenAs(server, { cookie: await login(server) });
  const agent = await listenAs(server, { key: LOCAL_TOKEN });
  expect((await server.call('POST', `${V1}/auth/logout`, {}, { cookie })).status).toBe(204);
  await ended(mine);
  expect([elsewhere.isOpen(), agent.isOpen(), server.streams.count()]).toEqual([true, true, 2]);
});

test('signing out of a link’s session leaves the waits of this user’s own tools alone', async () => {
  const server = await startAuthServer({ heartbeatMs: NEVER_MS });
  const { url } = Object((await server.call('POST', `${V1}/auth/link`, {}, { key: LOCAL_TOKEN })).body);
  const cookie = cookieOf(await server.call('GET', url));
  const page = await listenAs(server, { cookie });
  const tool = await listenAs(server, { key: LOCAL_TOKEN });
  await server.call('POST', `${V1}/auth/logout`, {}, { cookie });
  await ended(page);
  expect([tool.isOpen(), server.streams.count()]).toEqual([true, 1]);
});

test('a new login ends the streams of the session that the browser had', async () => {
  const server = await startAuthServer({ heartbeatMs: NEVER_MS });
  const cookie = await personCookie(server);
  const before = await listenAs(server, { cookie });
  await login(server, cookie);
  await ended(before);
});

test('a key that is replaced without an overlap loses its streams at once, with one it keeps them', async () => {
  const server = await startAuthServer({ heartbeatMs: NEVER_MS });
  const cookie = await personCookie(server);
  for (const [overlap_seconds, stays] of [
    [0, false],
    [60, true],
  ] as const) {
    const { key, secret } = await keyOf(server, 'agent');
    const signedIn = cookieOf(await server.call('POST', `${V1}/auth/login/key`, { api_key: secret }));
    const direct = await listenAs(server, { key: secret });
    const browser = await listenAs(server, { cookie: signedIn });
    await server.call('POST', `${V1}/keys/${key.id}/rotate`, { overlap_seconds }, { cookie });
    await ended(browser);
    if (stays) expect([direct.isOpen(), server.streams.count()]).toEqual([true, 1]);
    else await ended(direct);
  }
});

test('a key that expires loses its streams with the next heartbeat', async () => {
  const server = await startAuthServer({ heartbeatMs: 5 });
  const { secret } = await keyOf(server, 'agent', 1);
  const short = await listenAs(server, { key: secret });
  const agent = await listenAs(server, { key: LOCAL_TOKEN });
  server.time.advance(DAY_MS);
  await ended(short);
  expect(agent.isOpen()).toBe(true);
});

test('a session that expires loses its streams with the next heartbeat', async () => {
  const server = await startAuthServer({ heartbeatMs: 5 });
  const stream = await listenAs(server, { cookie: await personCookie(server) });
  server.time.advance(DAY_MS);
  await ended(stream);
});

test('a new passphrase ends the streams of what the old one opened', async () => {
  const server = await startAuthServer({ heartbeatMs: 5 });
  const stream = await listenAs(server, { cookie: await personCookie(server) });
  server.time.advance(1000);
  await server.setPassphrase('quite another set of words', PASSPHRASE);
  await ended(stream);
});
