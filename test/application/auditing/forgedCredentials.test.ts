import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { approvalIdSchema } from '../../../src/domain/ids.ts';
import { PERSON, principalIdSchema } from '../../../src/domain/principal.ts';
import { openLog, tamper, temporaryFolder, verify } from '../../infrastructure/audit/support.ts';
import { openAccess, PASSPHRASE, testClock } from '../../support/access/harness.ts';
import { approval } from '../../support/specs.ts';

const ID = approvalIdSchema.parse('apr_0123456789abcdef');
const DIGEST = 'ab'.repeat(32);

/** A server's log and credentials in one state folder, and an approval in it by whom the test says. */
const served = async () => {
  const folder = temporaryFolder();
  const log = await openLog(folder);
  const time = testClock(Date.now());
  const credentials = await openAccess({ folder, time, part: { audit: log.feed } });
  const { access } = credentials;
  const approved = async (
    actor: string,
    detail: Record<string, string>,
    type: 'approval.approved' | 'approval.code_shown' = 'approval.approved',
  ) => {
    await log.feed.flush();
    await log.audit.append({ type, actor, approvalId: ID, detail: { digest: DIGEST, ...detail } });
  };
  const closed = async () => {
    credentials.close();
    await log.feed.flush();
    await log.close();
  };
  return { ...credentials, access, folder, log, approved, closed };
};

const key = async ({ access }: Awaited<ReturnType<typeof served>>, role: 'agent' | 'approver') => {
  const made = await access.keysFor(PERSON).create({ label: role, role }, PERSON.id);
  return { ...made, actor: `key:${made.key.id}` };
};

const textsOf = async (folder: string): Promise<string> =>
  (await verify(folder, { approvals: true })).findings.map(({ kind, text }) => `${kind}: ${text}`).join('\n');

test('keys, passphrase and code as they should be are the log’s word, and nothing is found', async () => {
  const s = await served();
  const approver = await key(s, 'approver');
  await s.access.keysFor(PERSON).rotate(approver.key.id, 60, PERSON.id);
  const gone = await key(s, 'agent');
  await s.access.keysFor(PERSON).revoke(gone.key.id, PERSON.id);
  await s.approved(approver.actor, { channel: 'key' });
  await s.setPassphrase();
  const { secret } = await s.access.logins.byPassphrase(PASSPHRASE);
  const { session = '' } = (await s.access.session(secret)) ?? {};
  expect(session).toMatch(/^[0-9a-f]{16}$/);
  await s.approved('person', { channel: 'passphrase', session });
  await s.approved('person', { via: 'passphrase', session }, 'approval.code_shown');
  await s.approved('person', { channel: 'code', carrier: 'local-agent' });
  await s.closed();
  const report = await verify(s.folder, { approvals: true });
  expect(report.findings).toEqual([]);
  expect(report.approvals?.map(({ channel, proof }) => [channel, proof])).toEqual([
    ['key', 'word'],
    ['passphrase', 'word'],
    ['code', 'word'],
  ]);
});

test.each([
  [
    'whose role was raised',
    (id: string) => `update api_keys set role = 'approver' where id = '${id}'`,
    'has the role approver, and was made as agent',
  ],
  [
    'that is another one under its id',
    (id: string) =>
      `update api_keys set sha256 = '${createHash('sha256').update('co_mine').digest('hex')}' where id = '${id}'`,
    'is another one than the one that was made',
  ],
  [
    'that nobody made',
    () =>
      `insert into api_keys (id, label, role, prefix, sha256, created_at) values ('feedfeedfeedfeed', 'x', 'admin', 'co_', '${'9'.repeat(64)}', 1)`,
    'is one that no entry tells of',
  ],
])('a key in the database %s is told, by its name', async (_what, statement, words) => {
  const s = await served();
  const agent = await key(s, 'agent');
  await s.closed();
  expect(await textsOf(s.folder)).toBe('');
  tamper(s.folder, statement(agent.key.id));
  expect(await textsOf(s.folder)).toContain(words);
});

test('a revoked key that was made good again is told', async () => {
  const s = await served();
  const approver = await key(s, 'approver');
  await s.access.keysFor(PERSON).revoke(approver.key.id, PERSON.id);
  await s.closed();
  tamper(s.folder, 'update api_keys set revoked_at = null');
  expect(await textsOf(s.folder)).toContain('is good again, and was revoked');
});

test('what a key approved that could not is told, also after the database was put back as it was', async () => {
  const s = await served();
  const agent = await key(s, 'agent');
  const revoked = await key(s, 'approver');
  await s.access.keysFor(PERSON).revoke(revoked.key.id, PERSON.id);
  await s.approved(agent.actor, { channel: 'key' });
  await s.approved('key:feedfeedfeedfeed', { channel: 'key' });
  await s.approved(revoked.actor, { channel: 'key' });
  await s.closed();
  const { approvals } = await verify(s.folder, { approvals: true });
  expect(approvals?.map(({ proof, why }) => [proof, why])).toEqual([
    ['refuted', 'this key was made for no approver'],
    ['refuted', 'no entry tells that this key was made'],
    ['refuted', 'this key had been revoked before'],
  ]);
});

test('a person’s session that was put into the database opens, and is told: while it stands, and by what it approved', async () => {
  const s = await served();
  await s.setPassphrase();
  const secret = 'known to whoever wrote it';
  const sha256 = createHash('sha256').update(secret).digest('hex');
  const now = Date.now();
  tamper(
    s.folder,
    `insert into sessions (sha256, principal, roles, via, created_at, expires_at)
     values ('${sha256}', 'person', '["approver","admin"]', 'passphrase', ${now + 1000}, ${now + 3_600_000})`,
  );
  // Nobody who runs as this user can be kept from it; it must not go unseen.
  const { session = '' } = (await s.access.session(secret)) ?? {};
  await s.approved('person', { channel: 'passphrase', session });
  await s.approved('person', { via: 'passphrase', session }, 'approval.code_shown');
  await s.approved('person', { channel: 'code', carrier: 'local-agent' });
  await s.closed();
  expect(await textsOf(s.folder)).toContain('a session of the person (passphrase) is in the store');
  tamper(s.folder, 'delete from sessions');
  const { approvals } = await verify(s.folder, { approvals: true });
  expect(approvals?.map(({ channel, proof }) => [channel, proof])).toEqual([
    ['passphrase', 'refuted'],
    ['code', 'refuted'],
  ]);
});

test('an approval by passphrase that names no session is one of nobody, in a log that names them', async () => {
  const s = await served();
  await s.setPassphrase();
  await s.access.logins.byPassphrase(PASSPHRASE);
  await s.approved('person', { channel: 'passphrase' });
  await s.closed();
  expect(await textsOf(s.folder)).toContain('it names no session of a person');
});

test('a code that no person was shown proves nothing', async () => {
  const s = await served();
  await s.approved('person', { channel: 'code', carrier: 'local-agent' });
  await s.closed();
  expect(await textsOf(s.folder)).toContain('no code was shown to a person');
});

test('a passkey that was put into the database is told', async () => {
  const s = await served();
  await s.closed();
  tamper(
    s.folder,
    `insert into passkeys (id, label, public_key, counter, transports, created_at) values ('cGs', 'x', 'a2V5', 0, '[]', 1)`,
  );
  expect(await textsOf(s.folder)).toContain('the passkey cGs is in the store, and no entry tells');
});

test('an approval that the database was made to hold as approved is told, before it is used and after', async () => {
  const s = await served();
  const row = approval();
  await s.closed();
  tamper(
    s.folder,
    'pragma foreign_keys = off',
    `insert into approvals (id, job_id, task_id, owner, revision, status, digest, created_at, expires_at, state)
     values ('${row.id}', '${row.jobId}', '${row.taskId}', 'local-agent', 1, 'approved', '${row.digest}', 0, 0, '{}')`,
  );
  expect(await textsOf(s.folder)).toContain(`the store holds ${row.id} as approved, and no entry tells`);
  const log = await openLog(s.folder);
  const actor = principalIdSchema.parse('local-agent');
  await log.audit.append({
    type: 'approval.used',
    actor,
    approvalId: row.id,
    detail: { digest: row.digest, decision: 'approve', uses_left: 0 },
  });
  await log.close();
  tamper(s.folder, 'delete from approvals');
  expect(await textsOf(s.folder)).toContain('its call ran, and no entry tells that anybody approved it');
});
