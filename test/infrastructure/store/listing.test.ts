import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Store } from '../../../src/application/ports/store.ts';
import { TaskValidationError } from '../../../src/domain/errors/index.ts';
import { openDatabase } from '../../../src/infrastructure/store/database.ts';
import { storeOver } from '../../../src/infrastructure/store/store.ts';
import { clockAt, jobOf, temporaryFolder } from './fixtures.ts';

const open = async (): Promise<Store> => {
  const store = storeOver(await openDatabase(join(temporaryFolder(), 'state.db')), {
    clock: clockAt(1),
    maxQueuedTasks: 1_000,
  });
  onTestFinished(() => store.close());
  return store;
};

test('pages hold every job once, newest first, also where many are of one instant and new ones come', async () => {
  const store = await open();
  for (let number = 0; number < 25; number++) {
    await store.createJob(jobOf(number, {}, { createdAt: 1_000 + Math.floor(number / 10) }), undefined);
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  let page = 0;
  do {
    const answer = await store.jobs({ limit: 7, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...answer.jobs.map((job) => job.id));
    cursor = answer.nextCursor;
    await store.createJob(jobOf(100 + page++, {}, { createdAt: 9_000 }), undefined);
  } while (cursor !== undefined);
  expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => jobOf(24 - index).id));
});

test('a page that ends with the last job has no next one', async () => {
  const store = await open();
  await store.createJob(jobOf(1), undefined);
  await store.createJob(jobOf(2), undefined);
  expect((await store.jobs({ limit: 2 })).nextCursor).toBeUndefined();
  expect((await store.jobs({ limit: 1 })).nextCursor).toEqual(expect.any(String));
});

test('the list can be narrowed to statuses; unfinished jobs come oldest first', async () => {
  const store = await open();
  for (const number of [3, 1, 2]) await store.createJob(jobOf(number), undefined);
  await store.commit(
    jobOf(2).id,
    [{ kind: 'job', from: 'planning', to: jobOf(2, {}, { status: 'failed' }) }],
    [],
  );
  const ids = (jobs: readonly { readonly id: string }[]) => jobs.map((job) => job.id);
  expect(ids((await store.jobs({ statuses: ['failed', 'cancelled'], limit: 10 })).jobs)).toEqual([
    jobOf(2).id,
  ]);
  expect((await store.jobs({ statuses: [], limit: 10 })).jobs).toEqual([]);
  expect(ids((await store.jobs({ limit: 10 })).jobs)).toEqual([jobOf(3).id, jobOf(2).id, jobOf(1).id]);
  expect(ids(await store.unfinishedJobs())).toEqual([jobOf(1).id, jobOf(3).id]);
});

test('a cursor that is not ours is refused, whatever it is', async () => {
  const store = await open();
  const forged = [
    '',
    'x',
    '[]',
    Buffer.from('[1]').toString('base64url'),
    Buffer.from('["1",2]').toString('base64url'),
  ];
  for (const cursor of forged)
    await expect(store.jobs({ limit: 5, cursor })).rejects.toBeInstanceOf(TaskValidationError);
  await fc.assert(
    fc.asyncProperty(fc.string(), async (cursor) => {
      await expect(store.jobs({ limit: 5, cursor })).rejects.toBeInstanceOf(TaskValidationError);
    }),
  );
});
