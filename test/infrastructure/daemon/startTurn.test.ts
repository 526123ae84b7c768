import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { takeStartTurn } from '../../../src/infrastructure/daemon/startTurn.ts';
import { isOlder } from '../../../src/infrastructure/daemon/version.ts';

const folder = (): string => {
  const made = mkdtempSync(path.join(tmpdir(), 'orchestrator-turn-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};
const turnFile = (stateDir: string): string => path.join(stateDir, 'server.starting');

it('of many that ask at once one has the turn, and after it was given back another', async () => {
  const stateDir = folder();
  const turns = await Promise.all(Array.from({ length: 20 }, () => takeStartTurn(stateDir)));
  const taken = turns.filter((turn) => turn !== undefined);
  expect(taken).toHaveLength(1);
  await taken[0]?.();
  expect(await takeStartTurn(stateDir)).toBeDefined();
});

it.each([
  ['a process that is gone', '4194304', 0],
  ['nobody, since it died while it wrote', '', 0],
  ['a pid that is another process by now', String(process.pid), 60],
])('a turn of %s keeps no one from starting', async (_who, holder, secondsAgo) => {
  const stateDir = folder();
  writeFileSync(turnFile(stateDir), holder);
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(turnFile(stateDir), then, then);
  expect(await takeStartTurn(stateDir)).toBeDefined();
});

it('a release is older than the next, and not than itself', () => {
  expect(isOlder('0.9.9', '0.10.0')).toBe(true);
  expect(isOlder('1.0.0', '0.10.0')).toBe(false);
  expect(isOlder('1.0.0', '1.0.0')).toBe(false);
  expect(isOlder('1.0.0-beta.1', '1.0.0')).toBe(false);
});
