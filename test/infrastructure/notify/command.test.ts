import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Notice } from '../../../src/application/approving/notices.ts';
import { commandNotifier } from '../../../src/infrastructure/notify/command.ts';
import { isAlive } from '../../../src/infrastructure/process/isAlive.ts';
import { temporaryFolder } from '../../support/access/harness.ts';
import { eventually } from '../../support/processes.ts';
import { NOTICE, watched } from './support.ts';

/** A program of a person's: Node with a script of the test, which finds its own folder in `folder`. */
const program = (script: string) =>
  executable(
    (folder) =>
      `#!${process.execPath}\nimport fs from 'node:fs';\nconst folder = ${JSON.stringify(folder)};\n${script}\n`,
  );

const executable = (textIn: (folder: string) => string) => {
  const folder = temporaryFolder();
  const file = join(folder, 'notify.mjs');
  writeFileSync(file, textIn(folder));
  chmodSync(file, 0o700);
  return { file, at: (name: string) => join(folder, name) };
};
const WRITE = `
const seen = { argv: process.argv.slice(2), stdin: fs.readFileSync(0, 'utf8'), env: process.env, cwd: process.cwd() };
fs.appendFileSync(folder + '/seen', JSON.stringify(seen) + '\\n');`;

const linesOf = (file: string): readonly string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
const seenIn = async (file: string, count = 1) => {
  await eventually('what the program saw', () => linesOf(file).length >= count);
  return linesOf(file).map((line) => JSON.parse(line));
};
const ENV = { PATH: process.env.PATH, HOME: '/home/me', ANTHROPIC_API_KEY: 'sk-secret', DISPLAY: ':0' };

test('the program gets one sentence and the notice as JSON, with no shell between and no secret of ours', async () => {
  const { file, at } = program(WRITE);
  const { deps, warnings } = watched();
  commandNotifier(file, { ...deps, env: ENV }).notify(NOTICE);
  const [seen] = await seenIn(at('seen'));
  expect(seen.argv).toEqual([`A worker waits for your approval (HIGH): ${NOTICE.command}`]);
  expect(JSON.parse(seen.stdin)).toEqual({
    notices: [expect.objectContaining({ approval_id: NOTICE.approvalId, command: NOTICE.command })],
    omitted: 0,
  });
  expect(seen.env).toMatchObject({ HOME: '/home/me', DISPLAY: ':0' });
  expect(JSON.stringify(seen.env)).not.toContain('sk-secret');
  // Nor what this process has by itself.
  expect(process.env.VITEST).toBeDefined();
  expect(seen.env).not.toHaveProperty('VITEST');
  expect(seen.cwd).toBe('/');
  expect(warnings).toEqual([]);
});

test('one runs at a time: what happens meanwhile is told together', async () => {
  const { file, at } = program(`${WRITE}
while (!fs.existsSync(folder + '/go')) await new Promise((wake) => setTimeout(wake, 10));`);
  const { deps } = watched();
  const notifier = commandNotifier(file, { ...deps, env: ENV });
  notifier.notify(NOTICE);
  await seenIn(at('seen'));
  const attention: Notice = {
    type: 'job.attention',
    jobId: NOTICE.jobId,
    reason: 'a conflict',
    at: NOTICE.at,
  };
  for (let count = 0; count < 130; count += 1) notifier.notify(attention);
  expect(linesOf(at('seen'))).toHaveLength(1);
  writeFileSync(at('go'), '');
  const [, second] = await seenIn(at('seen'), 2);
  expect(second.argv).toEqual(['130 things wait for you in Claude Orchestrator.']);
  expect(JSON.parse(second.stdin).notices).toHaveLength(100);
  expect(JSON.parse(second.stdin).omitted).toBe(30);
});

test('one that hangs is ended, one that fails or is not there is logged, and the next notice is told all the same', async () => {
  const hangs = executable((folder) => `#!/bin/sh\necho $$ > '${folder}/pid'\nexec sleep 600\n`);
  const slow = watched();
  commandNotifier(hangs.file, { ...slow.deps, env: ENV, patienceMs: 1000 }).notify(NOTICE);
  await slow.warned(1);
  expect(JSON.stringify(slow.warnings)).toContain('took longer');
  const pid = Number(readFileSync(hangs.at('pid'), 'utf8'));
  await eventually('its end', () => !isAlive(pid));

  const fails = program(`${WRITE}\nprocess.exit(3);`);
  const failing = watched();
  const notifier = commandNotifier(fails.file, { ...failing.deps, env: ENV });
  notifier.notify(NOTICE);
  await failing.warned(1);
  notifier.notify(NOTICE);
  await seenIn(fails.at('seen'), 2);
  expect(failing.warnings).toEqual([
    { message: 'the notify command failed', fields: { why: 'it ended with 3' } },
  ]);

  const absent = watched();
  commandNotifier('/nowhere/notify', { ...absent.deps, env: ENV }).notify(NOTICE);
  await absent.warned(1);
  expect(JSON.stringify(absent.warnings)).toContain('could not be run');
});
