import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/infrastructure/store/database.ts';
import { storeOver } from '../../../src/infrastructure/store/store.ts';
import { systemClock } from '../../../src/infrastructure/system/systemClock.ts';
import { eventually } from '../../support/processes.ts';
import { temporaryFolder } from './fixtures.ts';
import { jobId, jobOf } from './records.ts';

const long = 'x'.repeat(400_000);
const warning = (message: string) => [{ type: 'job.warning' as const, message }];

const limited = async () => {
  const database = await openDatabase(join(temporaryFolder(), 'state.db'));
  const store = storeOver(database, { clock: systemClock, maxQueuedTasks: 100 });
  onTestFinished(() => store.close());
  await store.createJob(jobOf(1), undefined);
  return {
    store,
    /** As a disk without room: SQLite answers what it answers there (SQLITE_FULL). */
    fill: () => database.connection.exec('pragma max_page_count = 1'),
    free: () => database.connection.exec('pragma max_page_count = 1000000'),
  };
};

it('what has happened to a job while the disk was full is written when there is room, once and in order', async () => {
  const { store, fill, free } = await limited();
  fill();
  const first = store.commit(jobId(1), [], warning(`first ${long}`));
  await eventually('the first step to wait', () => store.waitingForDisk() === 1);
  const second = store.commit(jobId(1), [], warning('second'));
  expect(store.waitingForDisk()).toBe(2);
  free();
  const events = [...(await first), ...(await second)];
  expect(events.map(({ seq }) => seq)).toEqual([2, 3]);
  expect(store.waitingForDisk()).toBe(0);
  expect((await store.events(jobId(1), 1, 10)).map(({ seq }) => seq)).toEqual([2, 3]);
});

it('a new job is refused meanwhile, and nothing is acknowledged', async () => {
  const { store, fill, free } = await limited();
  fill();
  await expect(store.createJob(jobOf(2, { request: long }), undefined)).rejects.toMatchObject({
    code: 'FILE_SYSTEM',
    hint: expect.stringContaining('Free space'),
  });
  expect(store.waitingForDisk()).toBe(0);
  free();
  expect((await store.createJob(jobOf(2, { request: long }), undefined)).created).toBe(true);
});

it('a store that is closed meanwhile says what it could not write', async () => {
  const { store, fill } = await limited();
  fill();
  const lost = store.commit(jobId(1), [], warning(long)).catch((error: unknown) => error);
  await eventually('the step to wait', () => store.waitingForDisk() === 1);
  await store.close();
  expect(await lost).toMatchObject({ code: 'FILE_SYSTEM' });
});
