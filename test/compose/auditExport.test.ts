import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { expect, onTestFinished, test, vi } from 'vitest';
import { hashOf } from '../../src/application/auditing/chain.ts';
import { auditHere } from '../../src/compose/auditHere.ts';
import { FileSystemError } from '../../src/domain/errors/index.ts';
import { openLogFile } from '../../src/infrastructure/audit/logFile.ts';
import { registerAudit } from '../../src/presentation/cli/commands/audit.ts';
import { databaseIn, openLog, temporaryFolder, verify } from '../infrastructure/audit/support.ts';

/** Turns a terminal's title, hides what follows, and looks like other text: ESC, C1 CSI, bidi override, BEL, DEL. */
const NASTY = '\u001b]0;x\u0007 \u009b2J \u202egnp.exe \u061c\u200e\u2066 \u007f\u2028 ok é';

/** A state directory whose log has a reason like that, and `audit export` over it. */
const ground = async () => {
  const stateDir = temporaryFolder();
  const log = await openLog(stateDir);
  await log.audit.append({ type: 'approval.refused', actor: 'person', detail: { reason: NASTY } });
  await log.close();
  vi.stubEnv('ORCHESTRATOR_STATE_DIR', stateDir);
  onTestFinished(() => void vi.unstubAllEnvs());
  const out: string[] = [];
  const program = new Command().exitOverride();
  registerAudit(
    program,
    { settings: [], stdout: (text) => out.push(text), stderr: () => undefined, audit: auditHere },
    () => undefined,
  );
  const run = (...args: readonly string[]) =>
    program.parseAsync(['audit', 'export', ...args], { from: 'user' });
  return { stateDir, out: () => out.join(''), run, file: path.join(stateDir, 'export.jsonl') };
};

const lineOf = (text: string): string =>
  text.split('\n').find((line) => line.includes('approval.refused')) ?? '';

test('an export steers no terminal: controls and directional characters of reasons are escapes of the same JSON', async () => {
  const g = await ground();
  await g.run();
  expect(g.out()).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
  expect(JSON.parse(lineOf(g.out())).detail.reason).toBe(NASTY);
  expect((await verify(g.stateDir)).findings).toEqual([]);
});

test('a file of an export is its owner’s alone, holds the very text that the hashes are of, and overwrites nothing', async () => {
  const g = await ground();
  await g.run('--out', g.file);
  expect(statSync(g.file).mode & 0o777).toBe(0o600);
  const text = readFileSync(g.file, 'utf8');
  const { hash, ...entry } = JSON.parse(lineOf(text));
  const log = openLogFile(databaseIn(g.stateDir));
  const row = [...log.rows(0)].find(({ seq }) => seq === entry.seq);
  log.close();
  expect(row === undefined ? undefined : hashOf(row)).toBe(hash);
  expect(lineOf(text)).toContain('\u202e');
  await expect(g.run('--out', g.file)).rejects.toThrow(FileSystemError);
  expect(readFileSync(g.file, 'utf8')).toBe(text);
  expect(g.out()).toBe('');
});
