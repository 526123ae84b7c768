import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { principalIdSchema } from '../../src/domain/principal.ts';
import { openDatabase } from '../../src/infrastructure/store/database.ts';
import { storeOver } from '../../src/infrastructure/store/store.ts';
import { clockAt, jobId, jobOf, taskSpec, temporaryFolder } from '../infrastructure/store/fixtures.ts';
import { HOSTILE } from './hostile.ts';

const tablesOf = (file: string): readonly unknown[] => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare('select type, name, sql from sqlite_schema order by name').all();
  } finally {
    database.close();
  }
};

test('whatever callers write into a job is kept to the letter, and no table changes', async () => {
  const file = join(temporaryFolder(), 'state.db');
  const store = storeOver(await openDatabase(file), { clock: clockAt(1), maxQueuedTasks: 100_000 });
  onTestFinished(() => store.close());
  const tables = tablesOf(file);
  let number = 0;
  const text = fc
    .oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', minLength: 1 }))
    // Blank ones never come so far: the faces refuse them.
    .filter((given) => given.trim() !== '');
  await fc.assert(
    fc.asyncProperty(text, text, text, text, async (request, title, prompt, key) => {
      number += 1;
      const job = jobOf(number, {
        request,
        workspace: `/srv/${request}`,
        tasks: [taskSpec('a', { title, prompt })],
        setup: prompt,
      });
      const { created } = await store.createJob(job, `${number}${key}`);
      expect(created).toBe(true);
      expect((await store.createJob(job, `${number}${key}`)).created).toBe(false);
      expect((await store.job(job.id))?.spec).toEqual(job.spec);
    }),
    {
      numRuns: 150,
      examples: HOSTILE.map((one) => [one, one, one, one] as [string, string, string, string]),
    },
  );
  expect(tablesOf(file)).toEqual(tables);
  expect((await store.jobs({ limit: 1_000 })).jobs).toHaveLength(number);
});

test('a cursor, an owner and an id that are no such thing find nothing, or are refused, and change nothing', async () => {
  const file = join(temporaryFolder(), 'state.db');
  const store = storeOver(await openDatabase(file), { clock: clockAt(1), maxQueuedTasks: 100 });
  onTestFinished(() => store.close());
  await store.createJob(jobOf(1), undefined);
  for (const hostile of HOSTILE) {
    await expect(store.jobs({ limit: 10, cursor: hostile })).rejects.toMatchObject({
      code: 'TASK_VALIDATION',
    });
    const encoded = Buffer.from(hostile).toString('base64url');
    await expect(store.jobs({ limit: 10, cursor: encoded })).rejects.toMatchObject({
      code: 'TASK_VALIDATION',
    });
    const owner = principalIdSchema.safeParse(`key:${hostile}`);
    if (owner.success) expect((await store.jobs({ limit: 10, owner: owner.data })).jobs).toEqual([]);
  }
  expect(await store.job(jobId(1))).toBeDefined();
});
