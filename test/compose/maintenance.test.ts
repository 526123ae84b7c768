import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keptWorktrees, removeKept } from '../../src/compose/maintenance.ts';
import type { TaskStatus } from '../../src/domain/task.ts';
import { openDatabase } from '../../src/infrastructure/store/database.ts';
import { claimStateDir } from '../../src/infrastructure/store/ownership.ts';
import { storeOver } from '../../src/infrastructure/store/store.ts';
import { place } from '../infrastructure/config/fixture.ts';
import { clockAt, jobOf, taskOf } from '../infrastructure/store/fixtures.ts';

/** Two worktrees of a job: the task with this status holds one for going on, nobody holds the other. */
const withTask = async (status: TaskStatus) => {
  const { root, input } = place();
  const home = realpathSync(root);
  const stateDir = join(home, 'state');
  const job = jobOf(1, { workspace: home });
  const resumed = join(home, 'trees', job.id, 'lane-1');
  const left = join(home, 'trees', job.id, 'lane-2');
  for (const folder of [resumed, left]) mkdirSync(folder, { recursive: true });
  const database = await openDatabase(join(stateDir, 'orchestrator.sqlite'));
  const store = storeOver(database, { clock: clockAt(1), maxQueuedTasks: 100 });
  onTestFinished(() => store.close());
  await store.createJob(job, undefined);
  const resume = { sessionId: 's', worktree: resumed, how: 'deferred' } as const;
  const task = { ...taskOf(job.id, 'a'), status, resume };
  await store.commit(job.id, [{ kind: 'plan', jobId: job.id, tasks: [task] }], []);
  const env = { ORCHESTRATOR_STATE_DIR: stateDir, ORCHESTRATOR_WORKTREES_DIR: join(home, 'trees') };
  return { store, stateDir, resumed, left, input: input({ env }) };
};

const waiting = async (input: Parameters<typeof keptWorktrees>[0]) =>
  new Map((await keptWorktrees(input)).map(({ path, waits }) => [path, waits]));

test.each(['parked', 'ready', 'running'] as const)(
  'a worktree in which a %s task goes on is listed as needed and cannot be removed, whether a server has the database open or not',
  async (status) => {
    const { store, input, resumed, left } = await withTask(status);
    expect(await waiting(input)).toEqual(
      new Map([
        [resumed, true],
        [left, false],
      ]),
    );
    await store.close();
    const kept = await keptWorktrees(input);
    for (const worktree of kept) {
      // As one that was listed before the task was parked.
      const removing = removeKept({ ...worktree, waits: false }, input);
      if (worktree.path === resumed) await expect(removing).rejects.toMatchObject({ code: 'CONFLICT' });
      else await removing;
    }
    expect([existsSync(resumed), existsSync(left)]).toEqual([true, false]);
  },
);

test('a worktree is free again once its task has ended', async () => {
  const { store, input, resumed } = await withTask('cancelled');
  await store.close();
  for (const worktree of await keptWorktrees(input)) {
    expect(worktree.waits).toBe(false);
    await removeKept(worktree, input);
  }
  expect(existsSync(resumed)).toBe(false);
});

test('nothing is removed while a server runs', async () => {
  const { input, left, stateDir } = await withTask('parked');
  const claim = await claimStateDir(stateDir);
  onTestFinished(() => claim.release());
  const [worktree] = (await keptWorktrees(input)).filter(({ path }) => path === left);
  if (worktree === undefined) throw new Error('it is not listed');
  await expect(removeKept(worktree, input)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(existsSync(left)).toBe(true);
});

test('a state directory without a database holds no worktree back, and none is made', async () => {
  const { root, input } = place();
  const home = realpathSync(root);
  const tree = join(home, 'trees', 'job_1', 'lane-1');
  mkdirSync(tree, { recursive: true });
  const env = {
    ORCHESTRATOR_STATE_DIR: join(home, 'state'),
    ORCHESTRATOR_WORKTREES_DIR: join(home, 'trees'),
  };
  expect(await waiting(input({ env }))).toEqual(new Map([[tree, false]]));
  expect(existsSync(join(home, 'state', 'orchestrator.sqlite'))).toBe(false);
});
