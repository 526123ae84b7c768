import { expect, test } from 'vitest';
import { verifiedByAnything } from '../../../src/application/integrating/apply.ts';
import { JobJournal } from '../../../src/application/journal.ts';
import { EventHub } from '../../../src/application/observing/eventHub.ts';
import type { Task, Verification } from '../../../src/domain/task.ts';
import { job, task } from '../../support/specs.ts';
import { realStore } from '../memory.ts';

const verified = async (whole: 'passed' | 'failed' | 'none', ...tasks: readonly Task[]): Promise<boolean> =>
  verifiedByAnything(
    new JobJournal({ job: job({ verification: whole }), tasks, seq: 0 }, await realStore(), new EventHub()),
  );
const changed = (id: string, verification: Verification): Task =>
  task(id, { status: 'done', verification, filesChanged: [`${id}.ts`] });

test('a job whose whole was verified counts as verified, whatever its tasks say', async () => {
  expect(await verified('passed', changed('a', 'none'))).toBe(true);
  expect(await verified('passed')).toBe(true);
});

test('without that every task that changed files must have been verified by itself', async () => {
  for (const whole of ['none', 'failed'] as const) {
    for (const good of ['proved', 'held', 'passed'] as const)
      expect(await verified(whole, changed('a', 'proved'), changed('b', good))).toBe(true);
    for (const bad of ['none', 'failed'] as const)
      expect(await verified(whole, changed('a', 'proved'), changed('b', bad))).toBe(false);
  }
});

test('tasks that changed nothing or were not done neither prove nor hinder', async () => {
  const reads = task('reads', { status: 'done', verification: 'none' });
  const failed = task('failed', { status: 'failed', verification: 'failed', filesChanged: ['x'] });
  expect(await verified('none', changed('a', 'held'), reads, failed)).toBe(true);
  const green = task('green', { status: 'done', verification: 'passed' });
  expect(await verified('none', green, failed)).toBe(false);
  expect(await verified('none')).toBe(false);
});
