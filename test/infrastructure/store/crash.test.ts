import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Store } from '../../../src/application/ports/store.ts';
import { OrchestratorError } from '../../../src/domain/errors/index.ts';
import { openDatabase } from '../../../src/infrastructure/store/database.ts';
import { storeOver } from '../../../src/infrastructure/store/store.ts';
import { clockAt, jobId, jobOf, temporaryFolder } from './fixtures.ts';

const SUBMITTER = join(import.meta.dirname, 'submitForever.ts');

const open = async (path: string): Promise<Store> =>
  storeOver(await openDatabase(path), { clock: clockAt(1), maxQueuedTasks: 1_000_000 });

/** Starts `command`, and hands each line that it prints to `onLine` until its output ends. */
const linesOf = async (
  command: string,
  args: readonly string[],
  onLine: (line: string, child: ChildProcess) => void,
): Promise<void> => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) onLine(line, child);
  await exited;
};

/** Checks that all which was acknowledged is there, and that what is there is whole. */
const expectKept = async (path: string, lines: readonly string[]): Promise<void> => {
  const store = await open(path);
  onTestFinished(() => store.close());
  for (const line of lines) {
    const [what, number = ''] = line.split(' ');
    if (what !== 'job' && what !== 'plan') continue;
    const id = jobId(Number(number));
    if (what === 'job') {
      const job = await store.job(id);
      expect(job?.id).toBe(id);
      if (job !== undefined)
        expect(await store.createJob(job, `key ${number}`)).toEqual({ job, created: false });
    }
    if (what === 'plan') expect(await store.tasks(id)).toHaveLength(2);
  }
  let openTasks = 0;
  for (const { id } of await store.unfinishedJobs()) {
    const tasks = await store.tasks(id);
    const events = await store.events(id, 0, 100);
    expect(events.map((event) => event.seq)).toEqual(tasks.length === 0 ? [1] : [1, 2]);
    openTasks += Math.max(tasks.length, 1);
  }
  expect(await store.openTaskCount()).toBe(openTasks);
};

test('what was acknowledged survives SIGKILL at any moment, again and again', async () => {
  const path = join(temporaryFolder(), 'state.db');
  const acknowledged: string[] = [];
  let first = 0;
  for (const lifetime of [1, 40, 7, 150]) {
    let lines = 0;
    await linesOf(process.execPath, [SUBMITTER, path, String(first)], (line, child) => {
      acknowledged.push(line);
      first = Math.max(first, Number(line.split(' ')[1]) + 100);
      if (++lines === lifetime) child.kill('SIGKILL');
    });
    expect(lines).toBeGreaterThanOrEqual(lifetime);
  }
  expect(acknowledged.filter((line) => line.startsWith('error'))).toEqual([]);
  await expectKept(path, acknowledged);
});

test.skipIf(process.platform === 'win32')(
  'where the disk takes no more, the error says so and what was acknowledged stays',
  async () => {
    const path = join(temporaryFolder(), 'state.db');
    const lines: string[] = [];
    // The limit of a file's size makes the real write of the log fail, as a full disk does.
    const script = 'ulimit -f 900; exec "$@"';
    await linesOf('sh', ['-c', script, 'sh', process.execPath, SUBMITTER, path, '0', '2000'], (line) =>
      lines.push(line),
    );
    expect(lines.at(-2)).toBe('error FILE_SYSTEM');
    expect(lines.at(-1)).toMatch(/^open \d+$/);
    expect(lines.length).toBeGreaterThan(10);
    await expectKept(path, lines);
  },
);

/** A database with its log as a power cut could leave them: copied while the store is at work. */
const crashImage = async (): Promise<{
  readonly folder: string;
  readonly image: string;
  readonly jobs: number;
}> => {
  const folder = temporaryFolder();
  const path = join(folder, 'live.db');
  const store = await open(path);
  const jobs = 30;
  for (let number = 0; number < jobs; number++) await store.createJob(jobOf(number), undefined);
  const image = join(folder, 'image.db');
  for (const suffix of ['', '-wal']) copyFileSync(path + suffix, image + suffix);
  await store.close();
  return { folder, image, jobs };
};

const expectPrefixOrRefusal = async (path: string): Promise<number | 'refused'> => {
  let store: Store;
  try {
    store = await open(path);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(OrchestratorError);
    return 'refused';
  }
  try {
    const jobs = await store.unfinishedJobs();
    // Commits were made in order, so what is left must be a beginning of them, whole and usable.
    expect(jobs).toEqual(Array.from({ length: jobs.length }, (_, number) => jobOf(number)));
    for (const { id } of jobs) expect(await store.events(id, 0, 10)).toHaveLength(1);
    expect((await store.createJob(jobOf(999), undefined)).created).toBe(true);
    return jobs.length;
  } finally {
    await store.close();
  }
};

test('a log with a torn or scribbled tail opens with the commits before it, or refuses loudly', async () => {
  const { folder, image, jobs } = await crashImage();
  const log = readFileSync(`${image}-wal`);
  let run = 0;
  const tried = async (bytes: Buffer): Promise<number | 'refused'> => {
    const path = join(folder, `torn-${run++}.db`);
    copyFileSync(image, path);
    writeFileSync(`${path}-wal`, bytes);
    expect(existsSync(`${path}-wal`)).toBe(true);
    return expectPrefixOrRefusal(path);
  };
  expect(await tried(log)).toBe(jobs);
  const lastByteGone = await tried(log.subarray(0, log.length - 1));
  expect(lastByteGone).toBe(jobs - 1);
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: log.length }), fc.boolean(), async (at, torn) => {
      const bytes = torn
        ? log.subarray(0, at)
        : Buffer.from(log).fill(0xa5, at, Math.min(at + 512, log.length));
      await tried(bytes);
    }),
    { numRuns: 25 },
  );
});
