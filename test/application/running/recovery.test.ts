import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EventHub } from '../../../src/application/observing/eventHub.ts';
import { recoverJobs } from '../../../src/application/running/recovery.ts';
import type { JobEvent } from '../../../src/domain/events.ts';
import { newTask, type Task, type TaskStatus } from '../../../src/domain/task.ts';
import { job, taskSpec } from '../../support/specs.ts';
import { jobId, realStore, temporaryFolder } from '../memory.ts';

const ALL: readonly TaskStatus[] = [
  'waiting',
  'ready',
  'running',
  'verifying',
  'done',
  'failed',
  'skipped',
  'cancelled',
];

/** A store as an earlier process left it: job 1 in mid-work, 2 integrating, 3 ended, 4 not yet planned. */
const leftBehind = async () => {
  const path = join(temporaryFolder(), 'state.db');
  const store = await realStore(path);
  const tasks = (number: number, statuses: readonly TaskStatus[]): Task[] =>
    statuses.map((status, at) => ({
      ...newTask(jobId(number), taskSpec(`${status}${at}`)),
      status,
      attempts: status === 'waiting' ? 0 : 1,
      seconds: 7,
      costUsd: 0.5,
    }));
  for (const [number, status, statuses] of [
    [1, 'running', ALL],
    [2, 'integrating', ['done']],
    [3, 'failed', ['failed']],
    [4, 'planning', []],
  ] as const) {
    const created = job({ id: jobId(number), status: 'planning', createdAt: number });
    await store.createJob(created, undefined);
    if (status === 'planning') continue;
    await store.commit(
      created.id,
      [
        { kind: 'plan', jobId: created.id, tasks: tasks(number, statuses) },
        { kind: 'job', from: 'planning', to: { ...created, status } },
      ],
      [],
    );
  }
  await store.close();
  return realStore(path);
};

test('tasks that were in flight are ready again with the lost attempt counted; all others stand as they stood', async () => {
  const store = await leftBehind();
  const before = await store.tasks(jobId(1));
  const [journal] = await recoverJobs({ store, bus: new EventHub() });
  const wanted = before.map(
    (task): Task =>
      task.status === 'running' || task.status === 'verifying' ? { ...task, status: 'ready' } : task,
  );
  expect(journal?.view().tasks).toEqual(wanted);
  expect(await store.tasks(jobId(1))).toEqual(wanted);
  expect(wanted[2]).toMatchObject({ attempts: 1, failures: 0, costUsd: 0.5 });
});

test('every job that has not ended is taken up, oldest first, in the state it was in, and no other', async () => {
  const store = await leftBehind();
  const journals = await recoverJobs({ store, bus: new EventHub() });
  expect(journals.map(({ job: { id, status } }) => [id, status])).toEqual([
    [jobId(1), 'running'],
    [jobId(2), 'integrating'],
    [jobId(4), 'planning'],
  ]);
  expect(await store.lastSeq(jobId(3))).toBe(1);
});

test('a recovery is an event of the job that says how many tasks were in flight, and the numbers go on', async () => {
  const store = await leftBehind();
  const bus = new EventHub();
  const heard: JobEvent[] = [];
  bus.subscribe((event) => heard.push(event));
  const journals = await recoverJobs({ store, bus });
  expect(heard.map(({ jobId: id, seq, happening }) => [id, seq, happening])).toEqual([
    [jobId(1), 2, { type: 'job.recovered', tasksInFlight: 2 }],
    [jobId(2), 2, { type: 'job.recovered', tasksInFlight: 0 }],
    [jobId(4), 2, { type: 'job.recovered', tasksInFlight: 0 }],
  ]);
  await journals[0]?.note({ type: 'job.warning', message: 'on we go' });
  expect(await store.lastSeq(jobId(1))).toBe(3);
});

test('a second crash before any work counts no attempt twice', async () => {
  const store = await leftBehind();
  await recoverJobs({ store, bus: new EventHub() });
  const once = await store.tasks(jobId(1));
  await recoverJobs({ store, bus: new EventHub() });
  expect(await store.tasks(jobId(1))).toEqual(once);
});
