#!/usr/bin/env node
/** How long `audit verify` takes for a log of a million entries: node bench/safety/audit.ts [entries] */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type AuditTip, chained, looseRow } from '../../src/application/auditing/chain.ts';
import { jobIdSchema } from '../../src/domain/ids.ts';
import { openHeads } from '../../src/infrastructure/audit/headKeeper.ts';
import { verifyLog } from '../../src/infrastructure/audit/verifyLog.ts';
import { prepareAuditStatements } from '../../src/infrastructure/store/auditStatements.ts';
import { openDatabase } from '../../src/infrastructure/store/database.ts';
import { systemClock } from '../../src/infrastructure/system/systemClock.ts';
import { createLogger } from '../../src/infrastructure/telemetry/logger.ts';

const ENTRIES = 1_000_000;
/** The bar, seconds. */
const BAR = 10;

const JOB = jobIdSchema.parse('job_0123456789abcdef');

/** Writes a log as the server would, and its signed head. */
const writeLog = async (stateDir: string, file: string, entries: number): Promise<void> => {
  const database = await openDatabase(file);
  const logger = await createLogger({ level: 'ERROR', format: 'json' });
  const heads = await openHeads({ stateDir, copy: undefined, clock: systemClock, logger });
  const { append } = prepareAuditStatements(database);
  let tip: AuditTip | undefined;
  database.connection.exec('begin');
  for (let n = 0; n < entries; n += 1) {
    const row = looseRow({
      at: 1_760_000_000_000 + n,
      type: 'call.refused',
      actor: 'server',
      jobId: JOB,
      detail: {
        attempt: 1,
        tool: 'Bash',
        risk: 'HIGH',
        reason: `deletes ${n} files outside of the worktree`,
      },
    });
    const placed = chained(row, tip);
    append(placed);
    tip = placed;
  }
  database.connection.exec('commit');
  database.connection.close();
  if (tip !== undefined) heads.changed({ seq: tip.seq, hash: tip.hash });
  await heads.flush();
};

const folder = mkdtempSync(path.join(tmpdir(), 'audit-bench-'));
try {
  const entries = Number(process.argv[2] ?? ENTRIES);
  const database = path.join(folder, 'orchestrator.sqlite');
  await writeLog(folder, database, entries);
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const report = await verifyLog({ stateDir: folder, database, heads: [], key: undefined, approvals: true });
  const seconds = (performance.now() - started) / 1000;
  const rise = Math.round((process.memoryUsage().rss - before) / 1_048_576);
  const good = report.findings.length === 0 && report.entries === entries;
  console.log(
    JSON.stringify({
      entries,
      seconds: Number(seconds.toFixed(2)),
      rss_rise_mib: rise,
      in_order: good,
      bar_seconds: BAR,
    }),
  );
  process.exitCode = good && seconds < BAR ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
