import { expect, test } from 'vitest';
import { createFlows } from '../../../src/application/access/flows.ts';
import { ConflictError } from '../../../src/domain/errors/index.ts';
import { LOCAL_AGENT, PERSON } from '../../../src/domain/principal.ts';
import { nodeSecrets } from '../../../src/infrastructure/access/secrets.ts';
import { LOCAL_TOKEN, openAccess, PASSPHRASE, testClock } from '../../support/access/harness.ts';

const HOUR = 3_600_000;

test('this user’s token is the local agent, an agent and nothing more, without a limit', async () => {
  const { access } = await openAccess();
  expect(await access.identify(LOCAL_TOKEN)).toEqual({ principal: LOCAL_AGENT, limitKey: undefined });
  expect(LOCAL_AGENT.roles).toEqual(['agent']);
  expect(await access.identify(`${LOCAL_TOKEN} `)).toBeUndefined();
  expect(await access.session(LOCAL_TOKEN)).toBeUndefined();
});

test('a session survives a restart, and a credential of one kind is none of another', async () => {
  const first = await openAccess();
  await first.setPassphrase();
  const { secret } = await first.access.logins.byPassphrase(PASSPHRASE);
  first.close();
  const { access } = await openAccess({ folder: first.folder, time: first.time });
  expect(await access.session(secret)).toEqual({
    principal: PERSON,
    limitKey: undefined,
    via: 'passphrase',
    session: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
  expect(await access.identify(secret)).toBeUndefined();
  const { secret: key } = await access.keysFor(PERSON).create({ label: 'a', role: 'admin' }, PERSON.id);
  expect(await access.session(key)).toBeUndefined();
});

test('a logout ends that session at once, and no other', async () => {
  const { access, setPassphrase } = await openAccess();
  await setPassphrase();
  const one = await access.logins.byPassphrase(PASSPHRASE);
  const two = await access.logins.byPassphrase(PASSPHRASE);
  expect(await access.session(one.secret)).toBeDefined();
  await access.logout(one.secret);
  expect(await access.session(one.secret)).toBeUndefined();
  expect(await access.session(two.secret)).toBeDefined();
});

test('sessions that have ended are deleted', async () => {
  const { access, store, setPassphrase, time } = await openAccess();
  await setPassphrase();
  const { session } = await access.logins.byPassphrase(PASSPHRASE);
  time.advance(12 * HOUR);
  expect(await store.session(session.sha256)).toBeDefined();
  await access.logins.byPassphrase(PASSPHRASE);
  expect(await store.session(session.sha256)).toBeUndefined();
});

test('a session that a key opened is the key: counted with it, no longer than it, dead with it', async () => {
  const { access, time } = await openAccess();
  const keys = access.keysFor(PERSON);
  const made = await keys.create({ label: 'a', role: 'viewer', expiresInDays: 1 }, PERSON.id);
  const opened = await access.logins.byKey(made.secret);
  expect(await access.session(opened.secret)).toEqual({
    ...(await access.identify(made.secret)),
    via: 'key',
    session: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
  time.advance(20 * HOUR);
  const late = await access.logins.byKey(made.secret);
  expect(late.session.expiresAt).toBe(made.key.expiresAt);
  await keys.revoke(made.key.id, PERSON.id);
  expect(await access.session(late.secret)).toBeUndefined();

  const other = await keys.create({ label: 'b', role: 'viewer' }, PERSON.id);
  const session = await access.logins.byKey(other.secret);
  await keys.rotate(other.key.id, 60, PERSON.id);
  expect(await access.session(session.secret)).toBeUndefined();
});

test('only a key opens a key’s session: not the local token, and not a key that is dead', async () => {
  const { access } = await openAccess();
  const { key, secret } = await access.keysFor(PERSON).create({ label: 'a', role: 'agent' }, PERSON.id);
  await access.keysFor(PERSON).revoke(key.id, PERSON.id);
  const outcomes = await Promise.allSettled([LOCAL_TOKEN, secret, 'co_unknown'].map(access.logins.byKey));
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome)))).toHaveLength(1);
  expect(outcomes[0]?.status).toBe('rejected');
});

test('a link is good once and for sixty seconds, and makes the local agent', async () => {
  const { access, time } = await openAccess();
  const code = access.makeLink(LOCAL_AGENT);
  expect(code).toMatch(/^[A-Za-z0-9_-]{43}$/);
  const opened = await access.logins.byLink(code);
  expect(opened?.session).toMatchObject({ principal: 'local-agent', roles: ['agent'], via: 'link' });
  expect(await access.logins.byLink(code)).toBeUndefined();
  const late = access.makeLink(LOCAL_AGENT);
  time.advance(60_000);
  expect(await access.logins.byLink(late)).toBeUndefined();
  expect(() => access.makeLink(PERSON)).toThrow(/may not/);
});

test('a challenge is taken once, in time, by whom and for what it was made', () => {
  const { clock, advance } = testClock();
  const flows = createFlows(nodeSecrets, clock);
  const mine = flows.begin('register', 'challenge', 'session-a');
  expect(flows.take(mine, 'register', 'session-a')).toBe('challenge');
  expect(flows.take(mine, 'register', 'session-a')).toBeUndefined();
  for (const [purpose, owner] of [
    ['login', 'session-a'],
    ['register', 'session-b'],
    ['register', undefined],
  ] as const) {
    const flow = flows.begin('register', 'challenge', 'session-a');
    expect(flows.take(flow, purpose, owner)).toBeUndefined();
    expect(flows.take(flow, 'register', 'session-a')).toBeUndefined();
  }
  const late = flows.begin('login', 'challenge', undefined);
  advance(300_000);
  expect(flows.take(late, 'login', undefined)).toBeUndefined();
});

test('credentials of a database that is closed say so, and that it is for a while', async () => {
  const { store, close } = await openAccess();
  close();
  await expect(store.keys()).rejects.toMatchObject({ code: 'INTERNAL', retryable: true });
});

test('what is stored twice is a conflict, and a replacement is done whole or not at all', async () => {
  const { store, access } = await openAccess();
  const { key } = await access.keysFor(PERSON).create({ label: 'a', role: 'agent' }, PERSON.id);
  await expect(store.addKey(key)).rejects.toThrow(ConflictError);
  await expect(store.replaceKey(key.id, 5, key)).rejects.toThrow(ConflictError);
  expect(await store.key(key.id)).toEqual(key);
  // The failed transaction is over: the next one can begin.
  await store.replaceKey(key.id, 5, { ...key, id: `${key.id}.2`, sha256: 'ab' });
  expect((await store.key(key.id))?.expiresAt).toBe(5);
});
