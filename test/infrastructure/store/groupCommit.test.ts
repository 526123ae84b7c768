import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { ConflictError, FileSystemError } from '../../../src/domain/errors/index.ts';
import type { Task } from '../../../src/domain/task.ts';
import { openDatabase } from '../../../src/infrastructure/store/database.ts';
import { storeOver } from '../../../src/infrastructure/store/store.ts';
import { clockAt, jobId, jobOf, taskOf, temporaryFolder } from './fixtures.ts';

const WAL_HEADER = 32;
const FRAME_HEADER = 24;

/** Transactions in a write-ahead log: its frames that carry the size of the database after a commit. */
const commitsInLog = (path: string): number => {
  const log = readFileSync(`${path}-wal`);
  const frame = FRAME_HEADER + log.readUInt32BE(8);
  let commits = 0;
  for (let at = WAL_HEADER; at + frame <= log.length; at += frame)
    if (log.readUInt32BE(at + 4) > 0) commits++;
  return commits;
};

const opened = async () => {
  const path = join(temporaryFolder(), 'state.db');
  const database = await openDatabase(path);
  const store = storeOver(database, { clock: clockAt(1), maxQueuedTasks: 10_000 });
  onTestFinished(() => store.close());
  return { path, database, store };
};

test('steps of one turn share one commit, and each stands or falls by itself', async () => {
  const { path, store } = await opened();
  const job = jobOf(1);
  const tasks = Array.from({ length: 20 }, (_, index) => taskOf(job.id, `t${index}`));
  await store.createJob(job, undefined);
  await store.commit(job.id, [{ kind: 'plan', jobId: job.id, tasks }], []);
  const before = commitsInLog(path);
  const outcomes = await Promise.allSettled(
    tasks.flatMap((task) => {
      const change = { kind: 'task', from: task, to: { ...task, status: 'ready' } } as const;
      const step = () => store.commit(job.id, [change], [{ type: 'task.ready', taskId: task.spec.id }]);
      return [step(), step()];
    }),
  );
  expect(commitsInLog(path) - before).toBe(1);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(tasks.flatMap(() => ['fulfilled', 'rejected']));
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(ConflictError);
  expect((await store.tasks(job.id)).every((task) => task.status === 'ready')).toBe(true);
  expect((await store.events(job.id, 0, 100)).map((event) => event.seq)).toEqual(
    Array.from({ length: 21 }, (_, i) => i + 1),
  );
});

test('nobody is answered before the commit stands for every other reader', async () => {
  const { path, store } = await opened();
  const reader = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => reader.close());
  const count = reader.prepare('select count(*) as jobs from jobs');
  await Promise.all(
    Array.from({ length: 10 }, async (_, number) => {
      await store.createJob(jobOf(number), undefined);
      expect(count.get()).toEqual({ jobs: 10 });
    }),
  );
});

test('a commit waits for the disk: a power cut, which no test can have, takes nothing that was answered', async () => {
  const { database } = await opened();
  const setting = (name: string) =>
    Object.values(database.connection.prepare(`pragma ${name}`).get() ?? {})[0];
  const FULL = 2;
  expect(setting('synchronous')).toBe(FULL);
  expect(setting('journal_mode')).toBe('wal');
  expect(setting('foreign_keys')).toBe(1);
});

test('a full disk refuses new jobs, leaves nothing half done and the store usable', async () => {
  const { database, store } = await opened();
  const job = jobOf(1);
  const task = taskOf(job.id, 'a');
  await store.createJob(job, undefined);
  await store.commit(job.id, [{ kind: 'plan', jobId: job.id, tasks: [task] }], []);
  const events = await store.events(job.id, 0, 100);
  // SQLite's own limit gives the very error that a full disk gives.
  const pages = Number(Object.values(database.connection.prepare('pragma page_count').get() ?? {})[0]);
  database.connection.exec(`pragma max_page_count = ${pages}`);

  const ready: Task = { ...task, status: 'ready' };
  const small = () =>
    store.commit(
      job.id,
      [{ kind: 'task', from: task, to: ready }],
      [{ type: 'task.ready', taskId: task.spec.id }],
    );
  const big = () => store.createJob(jobOf(2, { request: 'x'.repeat(500_000) }), undefined);
  const step = small();
  const refusal = await big().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(FileSystemError);
  expect(refusal).toMatchObject({ retryable: true, hint: expect.stringContaining('Free space') });
  // Nothing of the transaction stands; the step beside it waits and is written by itself.
  expect(await store.tasks(job.id)).toEqual([task]);
  expect(await store.events(job.id, 0, 100)).toEqual(events);
  expect(await store.job(jobId(2))).toBeUndefined();
  expect(await store.openTaskCount()).toBe(1);

  database.connection.exec('pragma max_page_count = 1000000');
  const [written] = await step;
  expect(written?.seq).toBe(events.length + 1);
  expect((await big()).created).toBe(true);
  expect(await store.openTaskCount()).toBe(2);
});

test('a transaction that SQLite leaves open after an error is ended, so that the next one can begin', async () => {
  const { database, store } = await opened();
  // Unlike a full disk, a table that is gone fails the statement and keeps the transaction.
  database.connection.exec('alter table job_specs rename to elsewhere');
  const refusal = await store.createJob(jobOf(1), undefined).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(FileSystemError);
  database.connection.exec('alter table elsewhere rename to job_specs');
  expect((await store.createJob(jobOf(1), undefined)).created).toBe(true);
  expect(await store.openTaskCount()).toBe(1);
});

test('another program that holds the database is an error that can be tried again, not a hang', async () => {
  const { path, database, store } = await opened();
  database.connection.exec('pragma busy_timeout = 10');
  const other = new DatabaseSync(path);
  onTestFinished(() => other.close());
  other.exec('begin immediate');
  const refusal = await store.createJob(jobOf(1), undefined).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(FileSystemError);
  expect(refusal).toMatchObject({ retryable: true, hint: expect.stringContaining('other program') });
  other.exec('rollback');
  expect((await store.createJob(jobOf(1), undefined)).created).toBe(true);
});
