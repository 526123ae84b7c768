import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPassphraseSetting } from '../../../src/application/access/passphrase.ts';
import { passphraseProblem } from '../../../src/application/access/passphraseRule.ts';
import type { PassphraseHasher } from '../../../src/application/access/ports.ts';
import { AuthenticationError, ConfigurationError, RateLimitError } from '../../../src/domain/errors/index.ts';
import { PERSON } from '../../../src/domain/principal.ts';
import { passphraseFileIn } from '../../../src/infrastructure/access/passphraseFile.ts';
import { createScryptHasher } from '../../../src/infrastructure/access/scryptHasher.ts';
import { HASHER, openAccess, PASSPHRASE, temporaryFolder, testClock } from '../../support/access/harness.ts';

const settle = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(() => 'good').catch((error) => error);

test('the passphrase opens a session of the person, for twelve hours', async () => {
  const { access, setPassphrase, time } = await openAccess();
  await setPassphrase();
  const { secret, session } = await access.logins.byPassphrase(PASSPHRASE);
  expect(session).toMatchObject({ principal: 'person', roles: ['approver', 'admin'], via: 'passphrase' });
  expect(await access.session(secret)).toEqual({
    principal: PERSON,
    limitKey: undefined,
    via: 'passphrase',
    session: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
  time.advance(12 * 3_600_000 - 1);
  expect(await access.session(secret)).toBeDefined();
  time.advance(1);
  expect(await access.session(secret)).toBeUndefined();
});

test('a wrong passphrase and none at all get one answer for the same work', async () => {
  const work: string[] = [];
  const counting: PassphraseHasher = {
    make: HASHER.make,
    matches: async (passphrase, record) => {
      work.push(`n=${record?.n ?? 2 ** 14} r=${record?.r ?? 1}`);
      return HASHER.matches(passphrase, record);
    },
  };
  const { access, setPassphrase } = await openAccess({ part: { hasher: counting } });
  const none = await settle(access.logins.byPassphrase('something or other'));
  await setPassphrase();
  const wrong = await settle(access.logins.byPassphrase('something or other'));
  expect(none).toBeInstanceOf(AuthenticationError);
  expect(wrong).toEqual(none);
  expect(work).toEqual(['n=16384 r=1', 'n=16384 r=1']);
});

test('without a record the hasher does the work of one, and says no to everything', async () => {
  const hasher = createScryptHasher({ n: 2 ** 14, r: 1, p: 1 });
  expect(await hasher.matches('', undefined)).toBe(false);
  const record = await hasher.make('one two three four', 5);
  expect(await hasher.matches('one two three four', record)).toBe(true);
  expect(await hasher.matches('one two three four ', record)).toBe(false);
  expect(record).toMatchObject({ version: 1, algorithm: 'scrypt', n: 2 ** 14, r: 1, p: 1, created_at: 5 });
  expect((await hasher.make('one two three four', 5)).salt).not.toBe(record.salt);
});

test('five wrong tries in ten minutes lock it, with growing delays, also for the right one and for all at once', async () => {
  const { access, setPassphrase, time } = await openAccess();
  await setPassphrase();
  const began = time.clock.now();
  const tries = await Promise.all(
    Array.from({ length: 20 }, (_, n) => settle(access.logins.byPassphrase(`wrong number ${n}`))),
  );
  expect(tries.filter((outcome) => outcome instanceof AuthenticationError)).toHaveLength(5);
  expect(tries.filter((outcome) => outcome instanceof RateLimitError)).toHaveLength(15);
  expect(time.slept).toEqual([500, 1000, 2000, 4000]);
  const locked = await settle(access.logins.byPassphrase(PASSPHRASE));
  expect(locked).toBeInstanceOf(RateLimitError);
  expect(locked).toMatchObject({ retryAfterMs: 600_000 - (time.clock.now() - began) });
  time.advance(600_000);
  expect(await settle(access.logins.byPassphrase(PASSPHRASE))).toBe('good');
  // What was right frees the count.
  for (let n = 0; n < 4; n += 1) await settle(access.logins.byPassphrase('wrong again, alas'));
  expect(await settle(access.logins.byPassphrase(PASSPHRASE))).toBe('good');
});

test('every way to try a passphrase counts into one lock', async () => {
  const { access, setPassphrase } = await openAccess();
  await setPassphrase();
  const { session, secret } = await access.logins.byPassphrase(PASSPHRASE);
  for (let n = 0; n < 3; n += 1) await settle(access.passkeys.begin(session, 'wrong it is today'));
  for (let n = 0; n < 2; n += 1)
    await settle(access.passkeys.remove(session, secret, 'x', 'wrong it is today'));
  expect(await settle(access.logins.byPassphrase(PASSPHRASE))).toBeInstanceOf(RateLimitError);
});

test('a new passphrase counts at once, and ends what the old one opened', async () => {
  const { access, setPassphrase, time, folder, security } = await openAccess();
  await setPassphrase();
  const { secret } = await access.logins.byPassphrase(PASSPHRASE);
  time.advance(1000);
  await setPassphrase('another one of four words', PASSPHRASE);
  expect(await settle(access.logins.byPassphrase(PASSPHRASE))).toBeInstanceOf(AuthenticationError);
  expect(await settle(access.logins.byPassphrase('another one of four words'))).toBe('good');
  // The next process has nothing remembered.
  const next = await openAccess({ folder, time });
  expect(await next.access.session(secret)).toBeUndefined();
  expect(security().filter((message) => message.startsWith('login'))).toEqual([
    'login accepted',
    'login refused',
    'login accepted',
  ]);
});

test('the file is its owner’s alone, replaced as a whole, and written only with the old passphrase', async () => {
  const { folder, setPassphrase } = await openAccess();
  const file = join(folder, 'passphrase.json');
  await setPassphrase();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const before = readFileSync(file, 'utf8');
  await expect(setPassphrase('quite another one now')).rejects.toThrow(ConfigurationError);
  await expect(setPassphrase('quite another one now', 'not the old one, no')).rejects.toThrow(
    ConfigurationError,
  );
  await expect(setPassphrase('short', PASSPHRASE)).rejects.toThrow(/12 characters/);
  expect(readFileSync(file, 'utf8')).toBe(before);
  await setPassphrase('quite another one now', PASSPHRASE);
  expect(readFileSync(file, 'utf8')).not.toBe(before);
  expect(readdirSync(folder).filter((name) => name.startsWith('passphrase'))).toEqual(['passphrase.json']);
});

test('a file that others can reach, or that was tampered with, is no passphrase', async () => {
  const { folder, access, setPassphrase, security } = await openAccess();
  const file = join(folder, 'passphrase.json');
  await setPassphrase();
  chmodSync(file, 0o644);
  expect(await settle(access.logins.byPassphrase(PASSPHRASE))).toBeInstanceOf(AuthenticationError);
  chmodSync(file, 0o600);
  const good = JSON.parse(readFileSync(file, 'utf8'));
  for (const part of [
    { n: 2 ** 30 },
    { n: 1000 },
    { r: 1000 },
    { salt: '' },
    { hash: '' },
    { algorithm: 'md5' },
  ]) {
    writeFileSync(file, JSON.stringify({ ...good, ...part }));
    const setting = createPassphraseSetting({
      file: passphraseFileIn(folder),
      hasher: HASHER,
      clock: testClock().clock,
    });
    await expect(setting.isSet()).rejects.toThrow(ConfigurationError);
  }
  expect(security()).toContain('the file of the passphrase cannot be used');
});

test('no passphrase is set in a folder that has none', async () => {
  const file = passphraseFileIn(temporaryFolder());
  expect(await file.read()).toBeUndefined();
});

test('what is short, plain or suggested is refused; words that do not belong together are not', () => {
  for (const weak of [
    'short',
    'elevenchars',
    'aaaaaaaaaaaaaa',
    'abcdefghijklmnop',
    '987654321098'.slice(0, 11),
    'abcabcabcabcabc',
    'abcdefabcdefabcdef'.slice(0, 12).replaceAll('f', 'a'),
    'password1234',
    'claude-orchestrator',
    'Passphrase2026!!',
    'with\u0007bell in it',
    'ab'.repeat(600),
  ]) {
    expect(passphraseProblem(weak), weak).toBeTypeOf('string');
  }
  for (const fine of [
    PASSPHRASE,
    'my password lives elsewhere',
    'Grüße aus dem Ölbaumhain',
    '犬も歩けば棒に当たる、猿も',
  ]) {
    expect(passphraseProblem(fine), fine).toBeUndefined();
  }
});

test('a passphrase is the same however its characters are composed', async () => {
  const { access, setPassphrase } = await openAccess();
  await setPassphrase('Grüße aus dem Ölbaumhain'.normalize('NFD'));
  expect(await settle(access.logins.byPassphrase('Grüße aus dem Ölbaumhain'.normalize('NFC')))).toBe('good');
});

test('nothing but the passphrase opens it', async () => {
  const { access, setPassphrase, time } = await openAccess();
  await setPassphrase();
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), async (typed) => {
      fc.pre(typed.normalize('NFKC') !== PASSPHRASE);
      time.advance(600_001);
      expect(await settle(access.logins.byPassphrase(typed))).toBeInstanceOf(AuthenticationError);
    }),
    { numRuns: 30 },
  );
});
