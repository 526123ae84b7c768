import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConflictError, ForbiddenError, NotFoundError } from '../../../src/domain/errors/index.ts';
import { LOCAL_AGENT, PERSON, principalIdSchema, roleSchema } from '../../../src/domain/principal.ts';
import { LOCAL_TOKEN, openAccess } from '../../support/access/harness.ts';

const DAY = 86_400_000;
const by = PERSON.id;

test('a key is its principal with its one role, and is told once', async () => {
  const { access } = await openAccess();
  const keys = access.keysFor(PERSON);
  for (const role of roleSchema.options) {
    const { key, secret } = await keys.create({ label: role, role }, by);
    expect(secret).toMatch(/^co_[A-Za-z0-9_-]{43}$/);
    expect(await access.identify(secret)).toEqual({
      principal: { id: `key:${key.id}`, roles: [role] },
      limitKey: `key:${key.id}`,
    });
    expect(JSON.stringify(await keys.list())).not.toContain(secret);
  }
});

test('no file of the state folder ever holds a key, a session or a passphrase', async () => {
  const { access, folder, setPassphrase, logText } = await openAccess();
  await setPassphrase('seven purple tortoises swim');
  const { secret } = await access.keysFor(PERSON).create({ label: 'a', role: 'agent' }, by);
  const opened = await access.logins.byPassphrase('seven purple tortoises swim');
  await access.identify(secret);
  const all = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  expect(all.length).toBeGreaterThanOrEqual(2);
  for (const text of [...all, logText()]) {
    for (const hidden of [secret, opened.secret, LOCAL_TOKEN, 'purple']) expect(text).not.toContain(hidden);
  }
});

test('only who may manage keys gets to them', async () => {
  const { access, security } = await openAccess();
  const id = principalIdSchema.parse('key:1');
  for (const role of ['agent', 'viewer', 'approver'] as const) {
    expect(() => access.keysFor({ id, roles: [role] })).toThrow(ForbiddenError);
  }
  expect(() => access.keysFor(LOCAL_AGENT)).toThrow(ForbiddenError);
  expect(() => access.keysFor({ id, roles: ['admin'] })).not.toThrow();
  expect(security()).toEqual(Array.from({ length: 4 }, () => 'role refused'));
});

test('an expired key and an unknown one are answered alike', async () => {
  const { access, time } = await openAccess();
  const { secret } = await access.keysFor(PERSON).create({ label: 'a', role: 'agent', expiresInDays: 1 }, by);
  expect(await access.identify(secret)).toBeDefined();
  time.advance(DAY - 1);
  expect(await access.identify(secret)).toBeDefined();
  time.advance(1);
  expect(await access.identify(secret)).toBeUndefined();
  expect(await access.identify(`co_${'A'.repeat(43)}`)).toBeUndefined();
  expect(await access.identify('')).toBeUndefined();
});

test('a revoked key is dead for the very next request, whatever was remembered of it or under way', async () => {
  const { access } = await openAccess();
  const keys = access.keysFor(PERSON);
  const { key, secret } = await keys.create({ label: 'a', role: 'agent' }, by);
  expect(await access.identify(secret)).toBeDefined();
  await Promise.all([keys.revoke(key.id, by), ...Array.from({ length: 20 }, () => access.identify(secret))]);
  expect(await access.identify(secret)).toBeUndefined();

  const other = await keys.create({ label: 'b', role: 'agent' }, by);
  // Reads that began before the revocation and end after it.
  const [, revoked] = await Promise.all([access.identify(other.secret), keys.revoke(other.key.id, by)]);
  expect(revoked.revokedAt).toBeDefined();
  expect(await access.identify(other.secret)).toBeUndefined();
});

test('a read that was under way when the key was revoked is not remembered', async () => {
  const { store, time, ...rest } = await openAccess();
  const held = Promise.withResolvers<void>();
  const slow = await openAccess({
    folder: rest.folder,
    time,
    part: {
      store: {
        ...store,
        keyBySha256: async (sha256) => {
          const key = await store.keyBySha256(sha256);
          await held.promise;
          return key;
        },
      },
    },
  });
  const keys = slow.access.keysFor(PERSON);
  const { key, secret } = await keys.create({ label: 'a', role: 'agent' }, by);
  const underWay = slow.access.identify(secret);
  await keys.revoke(key.id, by);
  held.resolve();
  await underWay;
  expect(await slow.access.identify(secret)).toBeUndefined();
});

test('a rotated key stays the same principal; the old one lives for the overlap and no longer', async () => {
  const { access, time } = await openAccess();
  const keys = access.keysFor(PERSON);
  const first = await keys.create({ label: 'ci', role: 'viewer', expiresInDays: 10 }, by);
  const second = await keys.rotate(first.key.id, 60, by);
  expect(second.key).toMatchObject({ label: 'ci', role: 'viewer' });
  expect((second.key.expiresAt ?? 0) - second.key.createdAt).toBe(10 * DAY);
  const identities = await Promise.all([first, second].map(({ secret }) => access.identify(secret)));
  expect(identities[1]).toEqual(identities[0]);
  expect(identities[0]?.principal.id).toBe(`key:${first.key.id}`);

  time.advance(60_000);
  expect(await access.identify(first.secret)).toBeUndefined();
  expect(await access.identify(second.secret)).toBeDefined();
  const third = await keys.rotate(second.key.id, 0, by);
  expect(await access.identify(second.secret)).toBeUndefined();
  expect((await access.identify(third.secret))?.principal.id).toBe(`key:${first.key.id}`);
});

test('a key is rotated once, and a dead one not at all; the overlap cannot outlive its expiry', async () => {
  const { access, store, time } = await openAccess();
  const keys = access.keysFor(PERSON);
  const { key } = await keys.create({ label: 'a', role: 'agent', expiresInDays: 1 }, by);
  time.advance(DAY - 1000);
  await keys.rotate(key.id, 3600, by);
  expect((await store.key(key.id))?.expiresAt).toBe(key.expiresAt);
  await expect(keys.rotate(key.id, 0, by)).rejects.toThrow(ConflictError);
  const dead = await keys.create({ label: 'b', role: 'agent' }, by);
  await keys.revoke(dead.key.id, by);
  await expect(keys.rotate(dead.key.id, 0, by)).rejects.toThrow(ConflictError);
  await expect(keys.rotate('0000000000000000', 0, by)).rejects.toThrow(NotFoundError);
  await expect(keys.revoke('0000000000000000', by)).rejects.toThrow(NotFoundError);
});

test('two rotations at once make one successor', async () => {
  const { access } = await openAccess();
  const keys = access.keysFor(PERSON);
  const { key } = await keys.create({ label: 'a', role: 'agent' }, by);
  const both = await Promise.allSettled([keys.rotate(key.id, 0, by), keys.rotate(key.id, 0, by)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await keys.list()).toHaveLength(2);
});

test('the last use is written at most once a minute, and survives a restart', async () => {
  const { access, folder, time, close, store } = await openAccess();
  const keys = access.keysFor(PERSON);
  const { key, secret } = await keys.create({ label: 'a', role: 'agent' }, by);
  const used = async () => (await store.key(key.id))?.lastUsedAt;
  await access.identify(secret);
  const first = time.clock.now();
  expect(await used()).toBe(first);
  time.advance(59_999);
  await access.identify(secret);
  expect(await used()).toBe(first);
  time.advance(1);
  await access.identify(secret);
  expect(await used()).toBe(first + 60_000);
  close();
  const again = await openAccess({ folder, time });
  expect(await again.access.identify(secret)).toBeDefined();
  expect((await again.store.key(key.id))?.lastUsedAt).toBe(first + 60_000);
});

test('whatever happens to keys, exactly those that should be good are, and a revoked one never is again', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('create' as const), days: fc.option(fc.integer({ min: 1, max: 3 })) }),
    fc.record({ do: fc.constant('revoke' as const), which: fc.nat(20) }),
    fc.record({
      do: fc.constant('rotate' as const),
      which: fc.nat(20),
      overlap: fc.integer({ min: 0, max: 3600 }),
    }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: DAY }) }),
  );
  const { access, time } = await openAccess();
  const keys = access.keysFor(PERSON);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
      const model: { id: string; secret: string; ends: number; revoked: boolean }[] = [];
      for (const next of steps) {
        const now = time.clock.now();
        if (next.do === 'wait') time.advance(next.ms);
        if (next.do === 'create') {
          const expiresInDays = next.days ?? undefined;
          const { key, secret } = await keys.create({ label: 'x', role: 'agent', expiresInDays }, by);
          model.push({ id: key.id, secret, ends: key.expiresAt ?? Number.POSITIVE_INFINITY, revoked: false });
        }
        const target = 'which' in next ? model[next.which % Math.max(1, model.length)] : undefined;
        if (next.do === 'revoke' && target !== undefined) {
          await keys.revoke(target.id, by);
          target.revoked = true;
        }
        if (next.do === 'rotate' && target !== undefined) {
          const [done] = await Promise.allSettled([keys.rotate(target.id, next.overlap, by)]);
          if (done.status === 'fulfilled') {
            target.ends = Math.min(target.ends, now + next.overlap * 1000);
            const { key, secret } = done.value;
            model.push({
              id: key.id,
              secret,
              ends: key.expiresAt ?? Number.POSITIVE_INFINITY,
              revoked: false,
            });
          }
        }
        for (const { secret, ends, revoked } of model) {
          const good = !revoked && time.clock.now() < ends;
          expect((await access.identify(secret)) !== undefined).toBe(good);
        }
      }
    }),
    { numRuns: 40 },
  );
});
