import { expect, test } from 'vitest';
import { PASSPHRASE } from '../../support/access/harness.ts';
import {
  type AuthServer,
  cookieOf,
  personCookie,
  type Reply,
  sameForAll,
  startAuthServer,
} from '../../support/access/server.ts';
import { type Ceremony, softAuthenticator } from '../../support/access/softAuthenticator.ts';

const AUTH = '/api/v1/auth';

const begun = ({ status, body }: Reply): { flow: string; options: unknown } => {
  expect(status).toBe(200);
  return Object(body);
};

const beginAdding = async (server: AuthServer, cookie: string) =>
  begun(await server.call('POST', `${AUTH}/passkeys/options`, { passphrase: PASSPHRASE }, { cookie }));

const beginLogin = async (server: AuthServer) =>
  begun(await server.call('POST', `${AUTH}/passkey/login/options`, {}));

/** A server with a person who has one passkey. */
const withPasskey = async (part: Partial<Ceremony> = {}) => {
  const server = await startAuthServer();
  const cookie = await personCookie(server);
  const device = softAuthenticator();
  const { flow, options } = await beginAdding(server, cookie);
  const response = device.create(options, { origin: server.origin, ...part });
  const added = await server.call(
    'POST',
    `${AUTH}/passkeys`,
    { flow, label: 'laptop', response },
    { cookie },
  );
  expect(added.status).toBe(201);
  const login = async (o: Partial<Ceremony> = {}): Promise<Reply> => {
    const ceremony = await beginLogin(server);
    const assertion = device.get(ceremony.options, { origin: server.origin, ...o });
    return server.call('POST', `${AUTH}/passkey/login`, { flow: ceremony.flow, response: assertion });
  };
  return { server, cookie, device, login };
};

test('a person adds a passkey with the passphrase, and signs in by it', async () => {
  const { server, cookie, device, login } = await withPasskey();
  const list = await server.call('GET', `${AUTH}/passkeys`, undefined, { cookie });
  expect(list.body).toEqual({
    passkeys: [{ id: device.id, label: 'laptop', created_at: expect.any(String) }],
  });
  const signedIn = await login();
  expect(signedIn.status).toBe(200);
  expect(signedIn.body).toMatchObject({
    principal: 'person',
    roles: ['approver', 'admin'],
    via: 'passkey',
    person: { passphrase_set: true, passkeys: 1 },
  });
  const again = await server.call('GET', `${AUTH}/passkeys`, undefined, { cookie: cookieOf(signedIn) });
  expect(again.text).toContain('last_used_at');
  expect(server.security()).toEqual(expect.arrayContaining(['passkey added', 'login accepted']));
});

test('the options ask for a person: verification and a key that the authenticator keeps', async () => {
  const server = await startAuthServer();
  const cookie = await personCookie(server);
  const { options } = await beginAdding(server, cookie);
  expect(options).toMatchObject({
    rp: { id: 'localhost' },
    attestation: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  expect((await beginLogin(server)).options).toMatchObject({
    rpId: 'localhost',
    userVerification: 'required',
  });
});

test('no passkey is added without the passphrase, and none is begun', async () => {
  const server = await startAuthServer();
  const cookie = await personCookie(server);
  const wrong = await server.call(
    'POST',
    `${AUTH}/passkeys/options`,
    { passphrase: 'not this one' },
    { cookie },
  );
  expect(wrong.status).toBe(401);
  const response = softAuthenticator().create({ challenge: 'AAAA' }, { origin: server.origin });
  const made = await server.call(
    'POST',
    `${AUTH}/passkeys`,
    { flow: 'made-up', label: 'x', response },
    { cookie },
  );
  expect(made.status).toBe(400);
  expect(await server.store.passkeys()).toEqual([]);
});

test.each<[string, Partial<Ceremony>]>([
  ['another origin', { origin: 'http://localhost:1' }],
  ['an origin that only looks alike', { origin: 'http://localhost.evil.example' }],
  ['another relying party', { rpId: 'evil.example' }],
  ['a touch without a proof of who', { verified: false }],
])('a passkey is neither added nor used with %s', async (_what, part) => {
  const { server, cookie, login } = await withPasskey();
  const { flow, options } = await beginAdding(server, cookie);
  const response = softAuthenticator().create(options, { origin: server.origin, ...part });
  const added = await server.call('POST', `${AUTH}/passkeys`, { flow, label: 'x', response }, { cookie });
  expect(added.status).toBe(400);
  expect(await server.store.passkeys()).toHaveLength(1);

  const refused = await login(part);
  expect(refused.status).toBe(401);
  expect(refused.headers.getSetCookie()).toEqual([]);
  expect((await login()).status).toBe(200);
});

test.each([undefined, 0])(
  'a response is good once, also of an authenticator that does not count: %j',
  async (counter) => {
    const count = counter === undefined ? {} : { counter };
    const { server, device } = await withPasskey(count);
    const { flow, options } = await beginLogin(server);
    const body = { flow, response: device.get(options, { origin: server.origin, ...count }) };
    expect((await server.call('POST', `${AUTH}/passkey/login`, body)).status).toBe(200);
    expect((await server.call('POST', `${AUTH}/passkey/login`, body)).status).toBe(401);
    // Nor does it answer another challenge.
    const other = await beginLogin(server);
    const replayed = await server.call('POST', `${AUTH}/passkey/login`, { ...body, flow: other.flow });
    expect(replayed.status).toBe(401);
  },
);

test('a challenge is good for five minutes', async () => {
  const { server, device } = await withPasskey();
  const { flow, options } = await beginLogin(server);
  server.time.advance(300_000);
  const response = device.get(options, { origin: server.origin });
  expect((await server.call('POST', `${AUTH}/passkey/login`, { flow, response })).status).toBe(401);
});

test('a counter that does not go on is a copied authenticator, and is refused', async () => {
  const { login } = await withPasskey();
  expect((await login({ counter: 9 })).status).toBe(200);
  expect((await login({ counter: 9 })).status).toBe(401);
  expect((await login({ counter: 3 })).status).toBe(401);
  expect((await login({ counter: 10 })).status).toBe(200);
});

test('another device, a forged signature and an unknown passkey get one answer', async () => {
  const { server, device } = await withPasskey();
  const stranger = softAuthenticator();
  const answers = await Promise.all(
    ['unknown', 'forged', 'flow'].map(async (how) => {
      const { flow, options } = await beginLogin(server);
      const theirs = stranger.get(options, { origin: server.origin });
      const response = how === 'unknown' ? theirs : { ...theirs, id: device.id, rawId: device.id };
      return server.call('POST', `${AUTH}/passkey/login`, { flow: how === 'flow' ? 'none' : flow, response });
    }),
  );
  expect(answers[0]?.status).toBe(401);
  for (const answer of answers) expect(sameForAll(answer)).toEqual(sameForAll(answers[0] ?? answer));
});

test('a ceremony belongs to the session that began it, and to what it was begun for', async () => {
  const { server, cookie, device } = await withPasskey();
  const other = cookieOf(await server.call('POST', `${AUTH}/login/passphrase`, { passphrase: PASSPHRASE }));
  const { flow, options } = await beginAdding(server, cookie);
  const response = softAuthenticator().create(options, { origin: server.origin });
  const stolen = await server.call(
    'POST',
    `${AUTH}/passkeys`,
    { flow, label: 'x', response },
    { cookie: other },
  );
  expect(stolen.status).toBe(400);

  const login = await beginAdding(server, cookie);
  const assertion = device.get(login.options, { origin: server.origin });
  const crossed = await server.call('POST', `${AUTH}/passkey/login`, {
    flow: login.flow,
    response: assertion,
  });
  expect(crossed.status).toBe(401);
});

test('a passkey is removed with the passphrase alone; then it opens nothing, and what it opened is over', async () => {
  const { server, cookie, device, login } = await withPasskey();
  const opened = cookieOf(await login());
  const path = `${AUTH}/passkeys/${device.id}`;
  expect((await server.call('DELETE', path, { passphrase: 'not this one' }, { cookie })).status).toBe(401);
  expect(await server.store.passkeys()).toHaveLength(1);
  expect((await server.call('DELETE', path, { passphrase: PASSPHRASE }, { cookie })).status).toBe(204);
  expect((await server.call('DELETE', path, { passphrase: PASSPHRASE }, { cookie })).status).toBe(404);
  expect((await login()).status).toBe(401);
  expect((await server.call('GET', `${AUTH}/session`, undefined, { cookie: opened })).status).toBe(401);
  expect((await server.call('GET', `${AUTH}/session`, undefined, { cookie })).status).toBe(200);
  expect(server.security()).toContain('passkey removed');
});

test('the same authenticator is not added twice', async () => {
  const { server, cookie, device } = await withPasskey();
  const { flow, options } = await beginAdding(server, cookie);
  expect(JSON.stringify(options)).toContain(device.id);
  const response = device.create(options, { origin: server.origin });
  const twice = await server.call('POST', `${AUTH}/passkeys`, { flow, label: 'x', response }, { cookie });
  expect(twice.status).toBe(409);
});
