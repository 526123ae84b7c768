import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import type { Store } from '../../../src/application/ports/store.ts';
import {
  ConfigurationError,
  ConflictError,
  FileSystemError,
  InternalError,
  JobNotFoundError,
} from '../../../src/domain/errors/index.ts';
import type { Task } from '../../../src/domain/task.ts';
import { openDatabase } from '../../../src/infrastructure/store/database.ts';
import { storeOver } from '../../../src/infrastructure/store/store.ts';
import { clockAt, jobId, jobOf, taskOf, taskSpec, temporaryFolder } from './fixtures.ts';

const open = async (path: string): Promise<Store> => {
  const store = storeOver(await openDatabase(path), { clock: clockAt(5_000), maxQueuedTasks: 100 });
  onTestFinished(() => store.close());
  return store;
};

test('what was written is read back the same, by the next process too', async () => {
  const path = join(temporaryFolder(), 'state.db');
  const job = jobOf(1, {
    request: 'Zeilen\nund "Zeichen" \u0000 \ud83d\ude00',
    tasks: [taskSpec('a'), taskSpec('b')],
  });
  const a = taskOf(job.id, 'b');
  const b = taskOf(job.id, 'a');
  const ready: Task = { ...a, status: 'ready', summary: 'So far so good.' };
  const first = await open(path);
  expect(await first.createJob(job, undefined)).toEqual({ job, created: true });
  const events = [
    ...(await first.commit(
      job.id,
      [
        { kind: 'plan', jobId: job.id, tasks: [a, b] },
        { kind: 'job', from: 'planning', to: { ...job, status: 'running', warnings: ['dirty tree'] } },
      ],
      [{ type: 'job.status', from: 'planning', to: 'running' }],
    )),
    ...(await first.commit(
      job.id,
      [{ kind: 'task', from: a, to: ready }],
      [
        { type: 'task.ready', taskId: a.spec.id },
        { type: 'job.warning', message: 'slow' },
      ],
    )),
  ];
  await first.close();

  const second = await open(path);
  expect(await second.job(job.id)).toEqual({ ...job, status: 'running', warnings: ['dirty tree'] });
  expect(await second.tasks(job.id)).toEqual([ready, b]);
  expect(await second.task(job.id, a.spec.id)).toEqual(ready);
  expect(await second.task(job.id, taskSpec('zzz').id)).toBeUndefined();
  expect(await second.job(jobId(99))).toBeUndefined();
  const submitted = {
    jobId: job.id,
    seq: 1,
    at: 5_000,
    happening: { type: 'job.submitted', request: job.spec.request },
  };
  expect(await second.events(job.id, 0, 100)).toEqual([submitted, ...events]);
  expect(events.map((event) => event.seq)).toEqual([2, 3, 4]);
  expect(await second.events(job.id, 2, 1)).toEqual([events[1]]);
  expect(await second.unfinishedJobs()).toHaveLength(1);
});

test('a change is refused, and nothing of its call written, where the stored state is another one', async () => {
  const store = await open(join(temporaryFolder(), 'state.db'));
  const job = jobOf(1);
  const a = taskOf(job.id, 'a');
  const b = taskOf(job.id, 'b');
  await store.createJob(job, undefined);
  await store.commit(job.id, [{ kind: 'plan', jobId: job.id, tasks: [a, b] }], []);
  const aReady: Task = { ...a, status: 'ready' };
  const before = await store.events(job.id, 0, 100);

  // The first change of each call could be made; the second cannot.
  const good = { kind: 'task', from: a, to: aReady } as const;
  const happening = { type: 'task.ready', taskId: a.spec.id } as const;
  const refusals = [
    { kind: 'task', from: { status: 'running', attempts: 0 }, to: { ...b, status: 'done' } },
    { kind: 'task', from: { status: 'waiting', attempts: 1 }, to: { ...b, status: 'ready' } },
    { kind: 'task', from: { status: 'waiting', attempts: 0 }, to: taskOf(job.id, 'c') },
    { kind: 'job', from: 'running', to: { ...job, status: 'integrating' } },
    { kind: 'plan', jobId: job.id, tasks: [taskOf(job.id, 'd')] },
  ] as const;
  for (const refused of refusals) {
    await expect(store.commit(job.id, [good, refused], [happening])).rejects.toBeInstanceOf(ConflictError);
  }
  await expect(store.commit(jobId(7), [], [happening])).rejects.toBeInstanceOf(JobNotFoundError);
  expect(await store.tasks(job.id)).toEqual([a, b]);
  expect(await store.events(job.id, 0, 100)).toEqual(before);
  expect(await store.openTaskCount()).toBe(2);

  await store.commit(job.id, [good], [happening]);
  await expect(store.commit(job.id, [good], [])).rejects.toThrow(
    'is ready in attempt 0, not waiting in attempt 0',
  );
});

test('a record that could not be read back is refused at its writer', async () => {
  const store = await open(join(temporaryFolder(), 'state.db'));
  const job = jobOf(1);
  const a = taskOf(job.id, 'a');
  await store.createJob(job, undefined);
  await store.commit(job.id, [{ kind: 'plan', jobId: job.id, tasks: [a] }], []);
  const poisoned: Task = { ...a, status: 'ready', costUsd: Number.NaN };
  await expect(store.commit(job.id, [{ kind: 'task', from: a, to: poisoned }], [])).rejects.toBeInstanceOf(
    InternalError,
  );
  await expect(
    store.commit(job.id, [{ kind: 'task', from: a, to: taskOf(jobId(2), 'a') }], []),
  ).rejects.toBeInstanceOf(InternalError);
  expect(await store.tasks(job.id)).toEqual([a]);
});

test('a damaged record is named, not guessed at', async () => {
  const path = join(temporaryFolder(), 'state.db');
  const store = await open(path);
  await store.createJob(jobOf(1), undefined);
  await store.createJob(jobOf(2), undefined);
  await store.close();
  const raw = new DatabaseSync(path);
  raw.exec(`update jobs set state = '{"id":"job_' where id = '${jobId(1)}'`);
  raw.close();
  const again = await open(path);
  await expect(again.job(jobId(1))).rejects.toThrow(`Job ${jobId(1)} cannot be read`);
  expect((await again.job(jobId(2)))?.id).toBe(jobId(2));
});

test("a newer program's database is refused and stays as it is", async () => {
  const path = join(temporaryFolder(), 'state.db');
  await (await open(path)).close();
  const raw = new DatabaseSync(path);
  raw.exec(`insert into kysely_migration values ('9999-future', '2999-01-01T00:00:00.000Z')`);
  raw.close();
  const bytes = readFileSync(path);
  await expect(open(path)).rejects.toBeInstanceOf(ConfigurationError);
  await expect(open(path)).rejects.toThrow('9999-future');
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('a file that is no database is refused with the way out', async () => {
  const { writeFileSync } = await import('node:fs');
  const path = join(temporaryFolder(), 'state.db');
  writeFileSync(path, 'not a database, '.repeat(1000));
  const refusal = await open(path).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(FileSystemError);
  expect(refusal).toMatchObject({ retryable: false, hint: expect.stringContaining('backup') });
});

test.skipIf(process.platform === 'win32')('nobody else can read the files', async () => {
  const folder = join(temporaryFolder(), 'new', 'state');
  const path = join(folder, 'state.db');
  const store = await open(path);
  await store.createJob(jobOf(1), undefined);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const suffix of ['', '-wal', '-shm']) {
    expect(existsSync(path + suffix)).toBe(true);
    expect(statSync(path + suffix).mode & 0o777).toBe(0o600);
  }
  const loose = join(temporaryFolder(), 'loose');
  mkdirSync(loose, { mode: 0o755 });
  await open(join(loose, 'state.db'));
  expect(statSync(loose).mode & 0o777).toBe(0o700);
});

test('after close everything is refused, and what was handed over before is kept', async () => {
  const path = join(temporaryFolder(), 'state.db');
  const store = await open(path);
  const last = store.createJob(jobOf(1), undefined);
  await store.close();
  expect((await last).created).toBe(true);
  await expect(store.createJob(jobOf(2), undefined)).rejects.toBeInstanceOf(InternalError);
  await expect(store.job(jobId(1))).rejects.toBeInstanceOf(InternalError);
  await store.close();
  const again = await open(path);
  expect(await again.unfinishedJobs()).toHaveLength(1);
});
