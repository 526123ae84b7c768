import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { type AuditRow, hashOf } from '../../../src/application/auditing/chain.ts';
import { openLogFile } from '../../../src/infrastructure/audit/logFile.ts';
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

const rowsOf = (stateDir: string): readonly AuditRow[] => {
  const log = openLogFile(databaseIn(stateDir));
  const rows = [...log.rows(0)];
  log.close();
  return rows;
};

/** Gives every entry from `seq` on the place and hash that it would have, as one who knows the rules can. */
const rechained = (rows: readonly AuditRow[], seq: number): readonly string[] => {
  let previous = rows[seq - 2]?.hash ?? '0'.repeat(64);
  return rows.slice(seq - 1).map((row) => {
    const placed = { ...row, previous };
    previous = hashOf(placed);
    return `update audit set previous = '${placed.previous}', hash = '${previous}' where seq = ${row.seq}`;
  });
};

describe('P8: a log that was touched is found, and the first bad entry is named', () => {
  it('a log that nobody touched is in order, signed to its end, also over several starts', async () => {
    const stateDir = await writtenLog(9);
    await append(stateDir, 3);
    expect(await verify(stateDir)).toMatchObject({ entries: 14, unsigned: 0, findings: [] });
  });

  it.each([
    ['detail', `replace(detail, 'agent', 'admin')`],
    ['actor', `'key:other'`],
    ['type', `'key.revoked'`],
    ['at', 'at + 1'],
    ['job_id', `'job_0123456789abcdef'`],
    ['hash', `'${'0'.repeat(64)}'`],
  ])('a changed %s names its entry', async (column, value) => {
    const stateDir = await writtenLog(9);
    tamper(stateDir, `update audit set ${column} = ${value} where seq = 5`);
    expect(firstOf(await verify(stateDir))).toEqual({ kind: 'changed', seq: 5 });
  });

  it('one byte of the database’s file names its entry', async () => {
    const stateDir = await writtenLog(9);
    const bytes = readFileSync(databaseIn(stateDir));
    const at = bytes.indexOf('key-4"');
    expect(at).toBeGreaterThan(0);
    bytes.write('key-7', at);
    writeFileSync(databaseIn(stateDir), bytes);
    expect(firstOf(await verify(stateDir))).toEqual({ kind: 'changed', seq: 5 });
  });

  it('a deleted entry is named, and so are several', async () => {
    const one = await writtenLog(9);
    tamper(one, 'delete from audit where seq = 5');
    expect(firstOf(await verify(one))).toEqual({ kind: 'deleted', seq: 5 });
    const many = await writtenLog(9);
    tamper(many, 'delete from audit where seq between 5 and 7');
    const report = await verify(many);
    expect(firstOf(report)).toEqual({ kind: 'deleted', seq: 5 });
    expect(report.findings[0]?.text).toContain('entries 5 to 7 are missing');
    const first = await writtenLog(3);
    tamper(first, 'delete from audit where seq = 1');
    expect(firstOf(await verify(first))).toEqual({ kind: 'deleted', seq: 1 });
  });

  it('a deleted entry whose gap was closed is named', async () => {
    const stateDir = await writtenLog(9);
    tamper(
      stateDir,
      'delete from audit where seq = 5',
      'update audit set seq = -(seq - 1) where seq > 5',
      'update audit set seq = -seq where seq < 0',
    );
    expect(firstOf(await verify(stateDir))).toEqual({ kind: 'misplaced', seq: 5 });
  });

  it('an inserted entry is named', async () => {
    const stateDir = await writtenLog(9);
    tamper(
      stateDir,
      'update audit set seq = -(seq + 1) where seq >= 5',
      'update audit set seq = -seq where seq < 0',
      `insert into audit select 5, at, type, 'intruder', job_id, task_id, approval_id, detail, previous, hash from audit where seq = 6`,
    );
    expect(firstOf(await verify(stateDir))).toEqual({ kind: 'changed', seq: 5 });
  });

  it('an inserted entry that fits the one before is found at the one behind', async () => {
    const stateDir = await writtenLog(9);
    const fifth = rowsOf(stateDir)[4];
    if (fifth === undefined) throw new Error('no entry 5');
    const hash = hashOf({ ...fifth, actor: 'intruder' });
    tamper(
      stateDir,
      'update audit set seq = -(seq + 1) where seq >= 5',
      'update audit set seq = -seq where seq < 0',
      `insert into audit select 5, at, type, 'intruder', job_id, task_id, approval_id, detail, previous, '${hash}' from audit where seq = 6`,
    );
    expect(firstOf(await verify(stateDir))).toEqual({ kind: 'misplaced', seq: 6 });
  });

  it('two entries in each other’s place are named', async () => {
    const stateDir = await writtenLog(9);
    tamper(
      stateDir,
      'update audit set seq = -5 where seq = 5',
      'update audit set seq = 5 where seq = 6',
      'update audit set seq = 6 where seq = -5',
    );
    expect(firstOf(await verify(stateDir))).toEqual({ kind: 'misplaced', seq: 5 });
  });

  it('a cut tail is found by the signed head, and the first missing entry is named', async () => {
    const stateDir = await writtenLog(9);
    tamper(stateDir, 'delete from audit where seq > 7');
    expect(firstOf(await verify(stateDir))).toEqual({ kind: 'cut', seq: 8 });
    tamper(stateDir, 'delete from audit');
    expect(firstOf(await verify(stateDir))).toEqual({ kind: 'cut', seq: 1 });
  });

  it('an old database put back is found by the signed head', async () => {
    const stateDir = await writtenLog(4);
    const old = path.join(temporaryFolder(), 'old.sqlite');
    copyFileSync(databaseIn(stateDir), old);
    await append(stateDir, 3);
    copyFileSync(old, databaseIn(stateDir));
    expect(firstOf(await verify(stateDir))).toEqual({ kind: 'cut', seq: 6 });
  });

  it('a whole old state directory put back is found by a head that was kept elsewhere', async () => {
    const stateDir = await writtenLog(4);
    const old = path.join(temporaryFolder(), 'old');
    const kept = path.join(temporaryFolder(), 'kept.json');
    cpSync(stateDir, old, { recursive: true });
    await append(stateDir, 3);
    copyFileSync(headIn(stateDir), kept);
    rmSync(stateDir, { recursive: true });
    cpSync(old, stateDir, { recursive: true });
    expect((await verify(stateDir)).findings).toEqual([]);
    const report = await verify(stateDir, { heads: [kept] });
    expect(firstOf(report)).toEqual({ kind: 'cut', seq: 6 });
    expect(report.findings[0]?.text).toContain(kept);
  });

  it('a log that was written anew from an entry on contradicts the head, though its chain is whole', async () => {
    const stateDir = await writtenLog(9);
    tamper(stateDir, `update audit set actor = 'somebody' where seq = 5`);
    tamper(stateDir, ...rechained(rowsOf(stateDir), 5));
    expect(firstOf(await verify(stateDir))).toEqual({ kind: 'rewritten', seq: 10 });
  });

  it('a head that is missing, damaged, or signed by another key is told', async () => {
    const stateDir = await writtenLog(3);
    const other = await writtenLog(3);
    expect(firstOf(await verify(stateDir, { heads: [headIn(other)] }))?.kind).toBe('head_foreign');
    const head = JSON.parse(readFileSync(headIn(stateDir), 'utf8'));
    writeFileSync(headIn(stateDir), JSON.stringify({ ...head, seq: 2 }));
    expect(firstOf(await verify(stateDir))?.kind).toBe('head_foreign');
    writeFileSync(headIn(stateDir), '{}');
    expect(firstOf(await verify(stateDir))?.kind).toBe('head_missing');
    rmSync(headIn(stateDir));
    expect(firstOf(await verify(stateDir))?.kind).toBe('head_missing');
  });

  it('a key and a head that were made anew do not fit the key that was kept elsewhere', async () => {
    const stateDir = await writtenLog(3);
    const kept = path.join(temporaryFolder(), 'pub.pem');
    copyFileSync(path.join(stateDir, 'audit-key.pub.pem'), kept);
    rmSync(path.join(stateDir, 'audit-key.pem'));
    await append(stateDir, 1);
    expect(firstOf(await verify(stateDir, { key: kept }))?.kind).toBe('head_foreign');
    rmSync(path.join(stateDir, 'audit-key.pub.pem'));
    expect(firstOf(await verify(stateDir))?.kind).toBe('head_missing');
  });

  it('a database without the triggers that refuse changes is told', async () => {
    const stateDir = await writtenLog(3);
    tamper(stateDir, 'select 1');
    expect((await verify(stateDir)).findings).toEqual([]);
    const log = await openLog(stateDir);
    expect(() => log.database.connection.exec('delete from audit where seq = 2')).toThrow('append-only');
    expect(() => log.database.connection.exec(`update audit set actor = 'x'`)).toThrow('append-only');
    log.database.connection.exec('drop trigger audit_no_delete');
    await log.close();
    expect(firstOf(await verify(stateDir))?.kind).toBe('unguarded');
  });

  it('triggers of the same names that let everything pass are no guard', async () => {
    const stateDir = await writtenLog(3);
    const database = new DatabaseSync(databaseIn(stateDir));
    database.exec(
      'drop trigger audit_no_delete; create trigger audit_no_delete before delete on audit begin select 1; end',
    );
    database.close();
    expect(firstOf(await verify(stateDir))?.kind).toBe('unguarded');
  });

  it('can be checked while a server writes, and says what is not signed yet', async () => {
    const stateDir = await writtenLog(3);
    const log = await openLog(stateDir);
    const writing = Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        log.audit.append({ type: 'key.created', actor: 'person', detail: { n } }),
      ),
    );
    expect((await verify(stateDir)).findings).toEqual([]);
    await writing;
    expect(await verify(stateDir)).toMatchObject({ findings: [], entries: 205 });
    await log.close();
    expect(await verify(stateDir)).toMatchObject({ findings: [], entries: 205, unsigned: 0 });
  });
});
