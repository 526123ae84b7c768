import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import { auditFeed } from '../../../src/application/auditing/feed.ts';
import type { AuditReport } from '../../../src/application/auditing/report.ts';
import { startAudit } from '../../../src/application/auditing/start.ts';
import { openHeads } from '../../../src/infrastructure/audit/headKeeper.ts';
import { verifyLog } from '../../../src/infrastructure/audit/verifyLog.ts';
import { openDatabase } from '../../../src/infrastructure/store/database.ts';
import { storeOver } from '../../../src/infrastructure/store/store.ts';
import { systemClock } from '../../../src/infrastructure/system/systemClock.ts';
import { createLogger } from '../../../src/infrastructure/telemetry/logger.ts';

export const temporaryFolder = (): string => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'audit-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

export const databaseIn = (stateDir: string): string => path.join(stateDir, 'orchestrator.sqlite');
export const headIn = (stateDir: string): string => path.join(stateDir, 'audit-head.json');

/** The log of a state directory as a server has it. @param copy a second file for the head. */
export const openLog = async (stateDir: string, copy?: string) => {
  const lines: string[] = [];
  const logger = await createLogger({
    level: 'DEBUG',
    format: 'json',
    stream: { write: (line: string) => void lines.push(line) },
  });
  const heads = await openHeads({ stateDir, copy, clock: systemClock, logger });
  const database = await openDatabase(databaseIn(stateDir));
  const store = storeOver(database, { clock: systemClock, maxQueuedTasks: 100, onAudited: heads.changed });
  const feed = auditFeed({ trail: store.audit, clock: systemClock, logger, onLost: () => {} });
  const problems = await startAudit({ store: store.audit, feed, heads, logger, version: '1.2.3' });
  await feed.flush();
  return {
    audit: store.audit,
    database,
    feed,
    heads,
    problems,
    logText: () => lines.join(''),
    /** As a server that ends: the last head is written. */
    close: async () => {
      await store.close();
      await heads.flush();
    },
  };
};

/** A log with so many keys in it behind the entry of the start, whole and signed. */
export const writtenLog = async (keys: number, copy?: string): Promise<string> => {
  const stateDir = temporaryFolder();
  await append(stateDir, keys, copy);
  return stateDir;
};

/** One more start of the server, and so many keys. */
export const append = async (stateDir: string, keys: number, copy?: string): Promise<void> => {
  const log = await openLog(stateDir, copy);
  for (let n = 1; n <= keys; n += 1) {
    await log.audit.append({
      type: 'key.created',
      actor: 'person',
      detail: { key_id: `key-${n}`, role: 'agent' },
    });
  }
  await log.close();
};

/** What somebody does who may write the file: no trigger stops them. */
export const tamper = (stateDir: string, ...statements: readonly string[]): void => {
  const database = new DatabaseSync(databaseIn(stateDir));
  const triggers = database
    .prepare(`select name, sql from sqlite_master where type = 'trigger' and tbl_name = 'audit'`)
    .all();
  for (const { name } of triggers) database.exec(`drop trigger ${name}`);
  for (const statement of statements) database.exec(statement);
  for (const { sql } of triggers) database.exec(String(sql));
  database.close();
};

export const verify = (
  stateDir: string,
  o: { readonly heads?: readonly string[]; readonly key?: string; readonly approvals?: boolean } = {},
): Promise<AuditReport> =>
  verifyLog({
    stateDir,
    database: databaseIn(stateDir),
    heads: o.heads ?? [],
    key: o.key,
    approvals: o.approvals ?? false,
  });

/** The first finding in short. */
export const firstOf = ({ findings }: AuditReport) => {
  const [first] = findings;
  return first === undefined ? undefined : { kind: first.kind, seq: first.seq };
};
