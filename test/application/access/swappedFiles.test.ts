import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingWatch } from '../../../src/application/auditing/settingWatch.ts';
import { watchedChoice } from '../../../src/application/auditing/watchedChoice.ts';
import { watchedPassphrase } from '../../../src/application/auditing/watchedPassphrase.ts';
import { AuthenticationError } from '../../../src/domain/errors/index.ts';
import { approvalChoiceIn } from '../../../src/infrastructure/access/approvalChoice.ts';
import { passphraseFileIn } from '../../../src/infrastructure/access/passphraseFile.ts';
import { openLog, temporaryFolder, verify } from '../../infrastructure/audit/support.ts';
import { HASHER, openAccess, PASSPHRASE, testClock } from '../../support/access/harness.ts';

const OWN = 'a passphrase of whoever swaps';

/** A server that watches its files, as it does when it is put together. */
const served = async (folder = temporaryFolder(), time = testClock(Date.now())) => {
  const log = await openLog(folder);
  const passphraseFile = watchedPassphrase(
    passphraseFileIn(folder),
    await settingWatch(log.audit, log.feed, 'passphrase.set'),
  );
  await passphraseFile.read();
  const open = await openAccess({ folder, time, part: { audit: log.feed, passphraseFile } });
  const file = join(folder, 'passphrase.json');
  /** As any program of this user can. @param created what the record says of its age. */
  const swap = async (created: number): Promise<string> => {
    const before = readFileSync(file, 'utf8');
    const record = { ...(await HASHER.make(OWN, time.clock.now())), created_at: created };
    writeFileSync(file, JSON.stringify(record), { mode: 0o600 });
    return before;
  };
  const seen = async (type: string) => {
    await log.feed.flush();
    return (await log.audit.read({ limit: 100 }))
      .filter((entry) => entry.type === type)
      .map(({ detail }) => detail)
      .toReversed();
  };
  const end = async (): Promise<void> => {
    open.close();
    await log.close();
  };
  return { ...open, folder, time, file, log, swap, seen, end };
};

test('a passphrase that was swapped in, used and taken out again is in the audit log each time, and what it opened is over', async () => {
  const s = await served();
  await s.setPassphrase();
  s.time.advance(1000);
  await s.access.logins.byPassphrase(PASSPHRASE);
  s.time.advance(1000);
  const before = await s.swap(0);
  const { secret } = await s.access.logins.byPassphrase(OWN);
  expect(await s.access.session(secret)).toBeDefined();
  s.time.advance(1000);
  writeFileSync(s.file, before, { mode: 0o600 });
  await expect(s.access.logins.byPassphrase(OWN)).rejects.toBeInstanceOf(AuthenticationError);
  s.time.advance(1000);
  const { secret: own } = await s.access.logins.byPassphrase(PASSPHRASE);
  // What is remembered of a session is so for less than a second.
  await expect.poll(() => s.access.session(secret), { timeout: 5000 }).toBeUndefined();
  expect(await s.access.session(own)).toBeDefined();
  const records = (await s.seen('passphrase.set')).map(({ record }) => record);
  expect(records).toHaveLength(3);
  expect(records[0]).toBe(records[2]);
  expect(records[1]).not.toBe(records[0]);
  await s.end();
  expect((await verify(s.folder, { approvals: true })).findings).toEqual([]);
});

test('a passphrase that was swapped while no server ran is in the audit log of the next start', async () => {
  const first = await served();
  await first.setPassphrase();
  await first.access.logins.byPassphrase(PASSPHRASE);
  await first.end();
  await first.swap(0);
  const next = await served(first.folder, first.time);
  expect(await next.seen('passphrase.set')).toHaveLength(2);
  await next.end();
});

test('a choice about forms that was written by hand is in the audit log before it counts, and again when it is taken back', async () => {
  const s = await served();
  const choice = watchedChoice(
    approvalChoiceIn(s.folder, s.time.clock),
    await settingWatch(s.log.audit, s.log.feed, 'settings.changed'),
  );
  expect(await choice.elicitationChoice()).toBe('deny_only');
  const file = join(s.folder, 'approvals.json');
  const write = (elicitation: string): void =>
    writeFileSync(file, JSON.stringify({ version: 1, elicitation, chosen_at: '2026-01-02T03:04:05.000Z' }), {
      mode: 0o600,
    });
  write('approve_high');
  expect(await choice.elicitationChoice()).toBe('approve_high');
  write('deny_only');
  expect(await choice.elicitationChoice()).toBe('deny_only');
  expect(await s.seen('settings.changed')).toEqual([{ elicitation: 'approve_high' }, { removed: true }]);
});
