import { expect, test } from 'vitest';
import { costOf, progressOf, statisticsOf } from '../../src/domain/jobFigures.ts';
import { verificationSchema } from '../../src/domain/task.ts';
import { job, task } from '../support/specs.ts';

test('progress is what is done, and 100 % only where all of it is', () => {
  const many = Array.from({ length: 300 }, (_, at) =>
    task(`t${at}`, { status: at < 299 ? 'done' : 'skipped' }),
  );
  expect(progressOf(many)).toEqual({ done: 299, total: 300, percent: 99 });
  expect(progressOf(many.slice(0, 299)).percent).toBe(100);
  expect(progressOf([])).toEqual({ done: 0, total: 0, percent: 0 });
});

test('a task counts as verified only where a command said that it is right', () => {
  const tasks = verificationSchema.options.map((verification) =>
    task(verification, { status: 'done', verification, attempts: 2 }),
  );
  expect(statisticsOf([...tasks, task('open'), task('lost', { status: 'failed', attempts: 1 })])).toEqual({
    total: 7,
    done: 5,
    failed: 1,
    skipped: 0,
    cancelled: 0,
    attempts: 11,
    verified: 3,
  });
});

test('a job costs what its tasks cost and what was spent beside them', () => {
  const tasks = [task('a', { costUsd: 0.5 }), task('b', { costUsd: 0.25 })];
  expect(costOf(job({ overheadCostUsd: 0.125 }), tasks)).toBe(0.875);
});
