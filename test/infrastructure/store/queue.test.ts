import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { canonicalJson } from '../../../src/application/canonicalJson.ts';
import type { Store } from '../../../src/application/ports/store.ts';
import { ConflictError, RateLimitError } from '../../../src/domain/errors/index.ts';
import { openDatabase } from '../../../src/infrastructure/store/database.ts';
import { storeOver } from '../../../src/infrastructure/store/store.ts';
import { clockAt, jobOf, taskOf, taskSpec, temporaryFolder } from './fixtures.ts';

const open = async (path: string, maxQueuedTasks: number): Promise<Store> => {
  const store = storeOver(await openDatabase(path), { clock: clockAt(1), maxQueuedTasks });
  onTestFinished(() => store.close());
  return store;
};

test('the same key and body give the same job, in one turn, later and after a restart', async () => {
  const path = join(temporaryFolder(), 'state.db');
  const store = await open(path, 2);
  const spec = { request: 'Once only.', copy: ['.env'] };
  const [first, racing] = await Promise.all([
    store.createJob(jobOf(1, spec), 'key'),
    store.createJob(jobOf(2, spec), 'key'),
  ]);
  expect(first).toEqual({ job: jobOf(1, spec), created: true });
  expect(racing).toEqual({ job: jobOf(1, spec), created: false });
  await store.createJob(jobOf(3), undefined);
  // The queue is full now, and a repetition adds nothing to it.
  const reordered = {
    ...jobOf(4, spec),
    spec: Object.fromEntries(Object.entries(jobOf(4, spec).spec).reverse()),
  };
  expect(canonicalJson(reordered.spec)).toBe(canonicalJson(jobOf(1, spec).spec));
  expect((await store.createJob(jobOf(4, spec), 'key')).created).toBe(false);
  expect(await store.openTaskCount()).toBe(2);
  await store.close();

  const again = await open(path, 2);
  expect((await again.createJob(jobOf(5, spec), 'key')).job.id).toBe(jobOf(1).id);
  await expect(again.createJob(jobOf(6, { ...spec, request: 'Twice.' }), 'key')).rejects.toBeInstanceOf(
    ConflictError,
  );
  expect(await again.unfinishedJobs()).toHaveLength(2);
});

test('the body is the same whatever the order of its keys, and another where any value differs', () => {
  const shuffled = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shuffled)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, part]) => [key, shuffled(part)]),
          )
        : value;
  fc.assert(fc.property(fc.jsonValue(), (value) => canonicalJson(shuffled(value)) === canonicalJson(value)));
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
      expect(canonicalJson(a) === canonicalJson(b)).toBe(isDeepStrictEqual(plain(a), plain(b)));
    }),
  );
  expect(canonicalJson({ a: [1, 2] })).not.toBe(canonicalJson({ a: [2, 1] }));
});

test('a full queue says so and when to come again; a place that frees can be taken', async () => {
  const store = await open(join(temporaryFolder(), 'state.db'), 3);
  const two = [taskSpec('a'), taskSpec('b')];
  await store.createJob(jobOf(1, { tasks: two }), undefined);
  expect(await store.openTaskCount()).toBe(2);
  const refusal = await store.createJob(jobOf(2, { tasks: two }), undefined).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(RateLimitError);
  expect(refusal).toMatchObject({
    message: 'queue full: 2 of 3 tasks are open and this job adds 2.',
    retryable: true,
    retryAfterMs: expect.any(Number),
  });
  // Handed over in one turn: the cap counts what the same commit holds already.
  const racing = await Promise.allSettled([
    store.createJob(jobOf(3), undefined),
    store.createJob(jobOf(4), undefined),
  ]);
  expect(racing.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  await store.commit(
    jobOf(3).id,
    [{ kind: 'job', from: 'planning', to: jobOf(3, {}, { status: 'cancelled' }) }],
    [],
  );
  expect((await store.createJob(jobOf(5), undefined)).created).toBe(true);

  const never = await store
    .createJob(jobOf(6, { tasks: ['a', 'b', 'c', 'd'].map((id) => taskSpec(id)) }), undefined)
    .catch((e: unknown) => e);
  expect(never).toMatchObject({ retryable: false, hint: expect.stringContaining('several jobs') });
});

test('open tasks are counted through plan, end, failure and reopening, as after a restart', async () => {
  const path = join(temporaryFolder(), 'state.db');
  let store = await open(path, 100);
  const job = jobOf(1);
  const tasks = ['a', 'b', 'c'].map((id) => taskOf(job.id, id));
  const [a] = tasks;
  if (a === undefined) throw new Error('no task');
  const expectOpen = async (count: number): Promise<void> => {
    expect(await store.openTaskCount()).toBe(count);
    await store.close();
    store = await open(path, 100);
    expect(await store.openTaskCount()).toBe(count);
  };
  await store.createJob(job, undefined);
  await expectOpen(1);
  await store.commit(
    job.id,
    [
      { kind: 'plan', jobId: job.id, tasks },
      { kind: 'job', from: 'planning', to: { ...job, status: 'running' } },
    ],
    [],
  );
  await expectOpen(3);
  await store.commit(job.id, [{ kind: 'task', from: a, to: { ...a, status: 'skipped' } }], []);
  await expectOpen(2);
  await store.commit(job.id, [{ kind: 'job', from: 'running', to: { ...job, status: 'failed' } }], []);
  await expectOpen(0);
  // A reopened task of a job that is still ended counts with its job, not before.
  await store.commit(job.id, [{ kind: 'task', from: { status: 'skipped', attempts: 0 }, to: a }], []);
  await expectOpen(0);
  await store.commit(job.id, [{ kind: 'job', from: 'failed', to: { ...job, status: 'running' } }], []);
  await expectOpen(3);
});
