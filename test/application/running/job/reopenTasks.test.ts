import { expect, test } from 'vitest';
import { JobJournal } from '../../../../src/application/journal.ts';
import { EventHub } from '../../../../src/application/observing/eventHub.ts';
import { reopenTasks } from '../../../../src/application/running/job/reopen.ts';
import { ConflictError } from '../../../../src/domain/errors/index.ts';
import type { Task } from '../../../../src/domain/task.ts';
import { JOB_ID, job, task, taskId } from '../../../support/specs.ts';
import { realStore } from '../../memory.ts';

const failedJob = async (...tasks: readonly Task[]): Promise<JobJournal> => {
  const store = await realStore();
  const created = job({ status: 'planning' });
  await store.createJob(created, undefined);
  const journal = new JobJournal({ job: created, tasks: [], seq: 1 }, store, new EventHub());
  await journal.plan(tasks, {}, []);
  await journal.record({ job: { move: 'fail' }, happenings: [] });
  return journal;
};
const statuses = (journal: JobJournal) =>
  Object.fromEntries([...journal.tasks.values()].map(({ spec, status }) => [spec.id, status]));

const a = task('a', { status: 'failed' });
const b = task('b', { status: 'skipped' }, { dependsOn: ['a'] });
const c = task('c', { status: 'skipped' }, { dependsOn: ['b'] });

test('a failed task waits again, with all that was skipped because of it, and the failed job runs again', async () => {
  const journal = await failedJob(
    a,
    b,
    c,
    task('other', { status: 'failed' }),
    task('d', { status: 'done' }),
  );
  await reopenTasks(journal, [taskId('a')]);
  expect(statuses(journal)).toEqual({ a: 'waiting', b: 'waiting', c: 'waiting', other: 'failed', d: 'done' });
  expect(journal.job.status).toBe('running');
});

test('that holds too where the caller named the later tasks first', async () => {
  const journal = await failedJob(c, b, a);
  await reopenTasks(journal, [taskId('a')]);
  expect(statuses(journal)).toEqual({ a: 'waiting', b: 'waiting', c: 'waiting' });
});

test('what did not fail cannot be tried again, and then nothing at all is reopened', async () => {
  const journal = await failedJob(a, task('d', { status: 'done' }));
  for (const ids of [['d'], ['a', 'd'], ['stranger']])
    await expect(reopenTasks(journal, ids.map(taskId))).rejects.toBeInstanceOf(ConflictError);
  expect([journal.job.id, journal.job.status]).toEqual([JOB_ID, 'failed']);
  expect(statuses(journal)).toEqual({ a: 'failed', d: 'done' });
});

test('a job that failed though every task is done is put together and verified again', async () => {
  const journal = await failedJob(task('d', { status: 'done' }));
  await reopenTasks(journal, []);
  expect(journal.job.status).toBe('running');
  expect(statuses(journal)).toEqual({ d: 'done' });
});
