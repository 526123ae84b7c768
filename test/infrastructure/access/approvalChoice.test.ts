import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { approvalChoiceIn } from '../../../src/infrastructure/access/approvalChoice.ts';
import { temporaryFolder, testClock } from '../../support/access/harness.ts';

const choiceIn = (folder: string) => approvalChoiceIn(folder, testClock().clock);
const RECORD = { version: 1, elicitation: 'approve_high', chosen_at: '2026-01-02T03:04:05.000Z' };

test('what was chosen is read, in a folder that is made for it, and nothing else is left there', async () => {
  const folder = join(temporaryFolder(), 'state');
  await choiceIn(folder).choose('approve_high');
  expect(await choiceIn(folder).elicitationChoice()).toBe('approve_high');
  await choiceIn(folder).choose('deny_only');
  expect(await choiceIn(folder).elicitationChoice()).toBe('deny_only');
  expect(readdirSync(folder)).toEqual(['approvals.json']);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('a record that another user could have written, or that is none, allows nothing', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'approvals.json');
  const read = () => choiceIn(folder).elicitationChoice();
  const put = (value: unknown, mode = 0o600): void => {
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
    chmodSync(file, mode);
  };
  expect(await read()).toBe('deny_only');
  put(RECORD);
  expect(await read()).toBe('approve_high');
  put(RECORD, 0o620);
  expect(await read()).toBe('deny_only');
  for (const bad of [
    '',
    '{',
    'null',
    { ...RECORD, version: 2 },
    { ...RECORD, elicitation: 'approve_all' },
    { ...RECORD, more: true },
    `${JSON.stringify(RECORD)}${' '.repeat(5000)}`,
  ]) {
    put(bad);
    expect(await read(), JSON.stringify(bad).slice(0, 80)).toBe('deny_only');
  }
  const other = temporaryFolder();
  mkdirSync(join(other, 'approvals.json'));
  expect(await choiceIn(other).elicitationChoice()).toBe('deny_only');
  const dangling = temporaryFolder();
  symlinkSync('/nowhere', join(dangling, 'approvals.json'));
  expect(await choiceIn(dangling).elicitationChoice()).toBe('deny_only');
});
