import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import {
  append,
  databaseIn,
  firstOf,
  headIn,
  openLog,
  tamper,
  temporaryFolder,
  verify,
  writtenLog,
} from './support.ts';

const isOwn = (file: string): string => (statSync(file).mode & 0o777).toString(8);

it('the key is its owner’s alone, is made once, and signs the head of the last entry at the end', async () => {
  const stateDir = await writtenLog(2);
  const key = readFileSync(path.join(stateDir, 'audit-key.pem'), 'utf8');
  expect(isOwn(path.join(stateDir, 'audit-key.pem'))).toBe('600');
  expect(JSON.parse(readFileSync(headIn(stateDir), 'utf8'))).toMatchObject({ seq: 3 });
  await append(stateDir, 1);
  expect(readFileSync(path.join(stateDir, 'audit-key.pem'), 'utf8')).toBe(key);
  expect(JSON.parse(readFileSync(headIn(stateDir), 'utf8'))).toMatchObject({ seq: 5 });
});

it('a start says what head it found, and nothing more where all is well', async () => {
  const stateDir = await writtenLog(2);
  const { seq, hash, at } = JSON.parse(readFileSync(headIn(stateDir), 'utf8'));
  const log = await openLog(stateDir);
  const [entry] = await log.audit.read({ limit: 1 });
  expect(entry).toMatchObject({ type: 'server.started', actor: 'server' });
  expect(entry?.detail).toEqual({ version: '1.2.3', head: { seq, hash, at }, log: { seq, hash } });
  expect(log.problems).toEqual([]);
  await log.close();
});

it('a log that was cut while the server was down is told at the start, and for ever after', async () => {
  const stateDir = await writtenLog(9);
  tamper(stateDir, 'delete from audit where seq > 7');
  const log = await openLog(stateDir);
  expect(log.problems).toEqual([expect.stringContaining('ends at entry 7')]);
  expect(log.logText()).toContain('CRITICAL');
  const [entry] = await log.audit.read({ limit: 1 });
  expect(entry?.detail).toMatchObject({ damage: [{ kind: 'cut' }] });
  await log.close();
  // The new head is signed for what was left; the start's own entry still tells, and the old head is kept.
  expect(firstOf(await verify(stateDir))).toEqual({ kind: 'told', seq: 8 });
  const kept = readdirSync(stateDir).filter((name) => name.startsWith('audit-head.json.found-'));
  expect(kept).toHaveLength(1);
  expect(JSON.parse(readFileSync(path.join(stateDir, kept[0] ?? ''), 'utf8'))).toMatchObject({ seq: 10 });
});

it('a whole old state directory put back is told at the start by the copy of the head', async () => {
  const copy = path.join(temporaryFolder(), 'head.json');
  const stateDir = await writtenLog(4, copy);
  const old = path.join(temporaryFolder(), 'old');
  cpSync(stateDir, old, { recursive: true });
  await append(stateDir, 3, copy);
  rmSync(stateDir, { recursive: true });
  cpSync(old, stateDir, { recursive: true });
  const log = await openLog(stateDir, copy);
  expect(log.problems).toEqual([expect.stringContaining(copy)]);
  await log.close();
});

it('a log that was written anew, a key or a head that is gone: each is told, and none keeps it from starting', async () => {
  const rewritten = await writtenLog(3);
  tamper(rewritten, `update audit set hash = '${'0'.repeat(64)}' where seq = 4`);
  const noHead = await writtenLog(3);
  rmSync(headIn(noHead));
  const noKey = await writtenLog(3);
  rmSync(path.join(noKey, 'audit-key.pem'));
  const foreign = await writtenLog(3);
  copyFileSync(headIn(rewritten), headIn(foreign));
  for (const [stateDir, words] of [
    [rewritten, 'Entry 4 of the audit log is not the one'],
    [noHead, 'is gone'],
    [noKey, 'a new one was made'],
    [foreign, 'is not signed by'],
  ] as const) {
    const log = await openLog(stateDir);
    expect(log.problems.join()).toContain(words);
    await log.close();
  }
});

it('a copy that cannot be written is told once and in the health, and the log goes on', async () => {
  const folder = temporaryFolder();
  const copy = path.join(folder, 'gone', 'head.json');
  const log = await openLog(temporaryFolder(), copy);
  for (let n = 0; n < 3; n += 1) {
    await log.audit.append({ type: 'link.made', actor: 'local-agent', detail: {} });
    await log.heads.flush();
  }
  expect(log.heads.problems()).toEqual([expect.stringContaining(copy)]);
  expect(log.logText().split('could not be written')).toHaveLength(2);
  mkdirSync(path.join(folder, 'gone'));
  await log.audit.append({ type: 'link.made', actor: 'local-agent', detail: {} });
  await log.heads.flush();
  expect(log.heads.problems()).toEqual([]);
  expect(existsSync(copy)).toBe(true);
  await log.close();
});

it('a flood of entries is signed in far fewer heads, the last of them for the last entry', async () => {
  const stateDir = temporaryFolder();
  const log = await openLog(stateDir);
  await Promise.all(
    Array.from({ length: 500 }, (_, n) =>
      log.audit.append({ type: 'key.created', actor: 'person', detail: { n } }),
    ),
  );
  await log.close();
  expect(JSON.parse(readFileSync(headIn(stateDir), 'utf8'))).toMatchObject({ seq: 501 });
  expect(await verify(stateDir)).toMatchObject({ entries: 501, unsigned: 0, findings: [] });
  expect(existsSync(databaseIn(stateDir))).toBe(true);
});
