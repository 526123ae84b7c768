import { expect, test } from 'vitest';
import { type Conflict, finalTips, Merger, tipsBefore } from '../../../src/application/integrating/merger.ts';
import type { MergeOutcome, Repository } from '../../../src/application/ports/repository.ts';
import { consequences } from '../../../src/application/scheduling/taskGraph.ts';
import type { Commit, TaskId } from '../../../src/domain/ids.ts';
import type { Task } from '../../../src/domain/task.ts';
import { moveTask } from '../../../src/domain/transitions.ts';
import { task, taskId } from '../../support/specs.ts';
import { commit, settled, unused } from '../memory.ts';

const byId = (...tasks: readonly Task[]): Map<TaskId, Task> =>
  new Map(tasks.map((one) => [one.spec.id, one]));
const done = (
  id: string,
  number: number | undefined,
  dependsOn: string[] = [],
  part: Partial<Task> = {},
): Task =>
  task(
    id,
    { status: 'done', ...(number === undefined ? {} : { commit: commit(number) }), ...part },
    { dependsOn },
  );
const ids = (tips: readonly { taskId: TaskId }[]): string[] => tips.map((tip) => tip.taskId);

/** Merging only: numbers the merges, and conflicts where it is told to. */
const repository = (
  merge: (ours: Commit, theirs: Commit, message: string) => Promise<MergeOutcome>,
): Repository => ({
  state: { root: '/repo', head: commit(1), branch: 'main', dirty: false, warnings: [] },
  merge,
  addWorktree: unused,
  removeWorktree: unused,
  switchTo: unused,
  inspect: unused,
  commitAll: unused,
  changedFiles: unused,
  diff: unused,
  diffStat: unused,
  snapshot: unused,
  conflicts: unused,
  startMerge: unused,
  unresolved: unused,
  isAncestor: unused,
  setBranch: unused,
  branchCommit: unused,
  deleteBranches: unused,
  advance: unused,
  copyInto: unused,
});

const tip = (id: string, number: number, fromBase = true) => ({
  taskId: taskId(id),
  commit: commit(number),
  fromBase,
});

test('a task builds on the commits of those before it, looking through the ones that changed nothing', () => {
  const last = task('last', {}, { dependsOn: ['reads', 'c'] });
  const tasks = byId(
    done('a', 1),
    done('b', 2),
    done('reads', undefined, ['looks']),
    done('looks', undefined, ['a', 'b']),
    done('c', 3, ['a']),
    last,
  );
  expect(tipsBefore(last, tasks)).toEqual([tip('a', 1), tip('b', 2), tip('c', 3, false)]);
});

test('two ways to the same task give its commit once', () => {
  const last = task('last', {}, { dependsOn: ['x', 'y', 'a'] });
  const tasks = byId(done('a', 1), done('x', undefined, ['a']), done('y', undefined, ['a']), last);
  expect(ids(tipsBefore(last, tasks))).toEqual(['a']);
});

test('one that was merely ordered before gives its commit where it got done, and nothing where it did not', () => {
  const held = task('held', { orderedAfter: [taskId('a'), taskId('b'), taskId('c')] });
  for (const status of ['failed', 'skipped', 'cancelled', 'running'] as const) {
    const b = task('b', { status, commit: commit(2) });
    const c = task('c', { status }, { dependsOn: ['d'] });
    expect(ids(tipsBefore(held, byId(done('a', 1), b, c, done('d', 4), held)))).toEqual(['a']);
  }
});

test('of a finished plan only the commits are merged that no later one contains, in the order of the plan', () => {
  const tasks = byId(
    done('a', 1),
    done('b', 2, ['a']),
    done('reads', undefined, ['b']),
    done('c', 3, ['reads']),
    done('alone', 4),
    done('after-alone-reads', undefined, ['alone']),
    task('failed', { status: 'failed', commit: commit(9) }, { dependsOn: ['alone'] }),
    done('held', 5, [], { orderedAfter: [taskId('a')] }),
  );
  const order = ['held', 'a', 'alone', 'b', 'reads', 'c', 'failed', 'after-alone-reads'].map(taskId);
  expect(ids(finalTips(order, tasks))).toEqual(['held', 'alone', 'c']);
});

/** Makes the moves that follow from the state, as the job's run does. */
const follow = (tasks: Map<TaskId, Task>): void => {
  for (const { id, move, patch } of consequences([...tasks.keys()], tasks).steps) {
    const from = tasks.get(id);
    if (from !== undefined && move !== undefined)
      tasks.set(id, { ...from, ...patch, status: moveTask(from.status, move) });
  }
};
const set = (tasks: Map<TaskId, Task>, id: string, part: Partial<Task>): void => {
  const from = tasks.get(taskId(id));
  if (from !== undefined) tasks.set(from.spec.id, { ...from, ...part });
};

test('work of a task that failed first and was done when tried again is in the result, although another was held behind it', () => {
  const tasks = byId(task('x', { status: 'failed' }), task('held', { orderedAfter: [taskId('x')] }));
  follow(tasks);
  // Built without x, which had failed.
  expect(tasks.get(taskId('held'))?.status).toBe('ready');
  set(tasks, 'held', { status: 'done', commit: commit(2) });
  set(tasks, 'x', { status: 'done', commit: commit(3) });
  expect(ids(finalTips([...tasks.keys()], tasks))).toEqual(['x', 'held']);
});

test('two tasks that were each held behind the other in turn both reach the result', () => {
  const tasks = byId(task('x', { status: 'failed' }), task('y', { orderedAfter: [taskId('x')] }));
  follow(tasks);
  // x is tried again while y runs, and meets it in the same paths: now x is put behind y.
  set(tasks, 'y', { status: 'running' });
  set(tasks, 'x', { status: 'waiting', orderedAfter: [taskId('y')] });
  set(tasks, 'y', { status: 'done', commit: commit(2) });
  follow(tasks);
  const x = tasks.get(taskId('x'));
  expect(x === undefined ? [] : ids(tipsBefore(x, tasks))).toEqual(['y']);
  set(tasks, 'x', { status: 'done', commit: commit(3) });
  expect(ids(finalTips([...tasks.keys()], tasks))).toContain('x');
});

test('tips are merged one onto the other in their order, and each is told of with where the result then stands', async () => {
  const merges: string[] = [];
  const merger = new Merger(
    repository(async (ours, theirs, message) => {
      merges.push(`${Number(`0x${ours}`)}+${Number(`0x${theirs}`)} ${message}`);
      return { clean: true, commit: commit(100 + merges.length) };
    }),
    unused,
  );
  const told: [string, Commit][] = [];
  const result = await merger.mergeAll(commit(1), [tip('a', 2), tip('b', 3)], async ({ taskId: id }, at) => {
    told.push([id, at]);
  });
  expect(merges).toEqual(['1+2 Merge task a', '101+3 Merge task b']);
  expect(told).toEqual([
    ['a', commit(101)],
    ['b', commit(102)],
  ]);
  expect(result).toBe(commit(102));
  expect(await merger.mergeAll(commit(7), [])).toBe(commit(7));
});

test('the same merge is done once, however many tasks need it and however soon they ask', async () => {
  let count = 0;
  const merger = new Merger(
    repository(async () => {
      count++;
      await settled();
      return { clean: true, commit: commit(50 + count) };
    }),
    unused,
  );
  const tips = [tip('a', 2), tip('b', 3)];
  const all = await Promise.all([1, 2, 3].map(() => merger.mergeAll(commit(1), tips)));
  expect(await merger.mergeAll(commit(1), tips)).toBe(all[0]);
  expect(new Set(all).size).toBe(1);
  expect(count).toBe(2);
  await merger.mergeAll(commit(1), [tip('b', 3)]);
  expect(count).toBe(3);
});

test('a conflict goes to the resolver with both sides and the files, once for all who need it', async () => {
  const seen: Conflict[] = [];
  const merger = new Merger(
    repository(async () => ({ clean: false, files: ['src/a.ts'] })),
    async (conflict) => {
      seen.push(conflict);
      await settled();
      return commit(77);
    },
  );
  const asked = [1, 2].map(() => merger.mergeAll(commit(1), [tip('a', 2)]));
  expect(await Promise.all(asked)).toEqual([commit(77), commit(77)]);
  expect(seen).toEqual([{ ours: commit(1), theirs: tip('a', 2), files: ['src/a.ts'] }]);
});

test('a resolution that failed fails everyone who waits for it, merges nothing further, and may be tried again', async () => {
  let tries = 0;
  const merger = new Merger(
    repository(async (_ours, theirs) =>
      theirs === commit(2) ? { clean: false, files: ['a'] } : { clean: true, commit: commit(90) },
    ),
    async () => {
      tries++;
      await settled();
      if (tries === 1) throw new Error('two rounds were not enough');
      return commit(88);
    },
  );
  const told: string[] = [];
  const both = await Promise.allSettled(
    [1, 2].map(() =>
      merger.mergeAll(commit(1), [tip('a', 2), tip('b', 3)], async ({ taskId: id }) => void told.push(id)),
    ),
  );
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect([tries, told]).toEqual([1, []]);
  expect(await merger.mergeAll(commit(1), [tip('a', 2)])).toBe(commit(88));
  expect(tries).toBe(2);
});

test('what was merged ahead of need is not merged again, and a conflict waits for its turn', async () => {
  const merges: string[] = [];
  const resolved: string[] = [];
  const merger = new Merger(
    repository(async (ours, theirs) => {
      merges.push(`${Number(`0x${ours}`)}+${Number(`0x${theirs}`)}`);
      return Number(`0x${theirs}`) === 4
        ? { clean: false, files: ['x'] }
        : { clean: true, commit: commit(100 + merges.length) };
    }),
    async ({ theirs }) => {
      resolved.push(theirs.taskId);
      return commit(200);
    },
  );
  await merger.mergeAhead(commit(1), [tip('a', 2), tip('b', 3), tip('c', 4)]);
  expect([merges, resolved]).toEqual([['1+2', '101+3', '102+4'], []]);
  expect(await merger.mergeAll(commit(1), [tip('a', 2), tip('b', 3), tip('c', 4)])).toBe(commit(200));
  expect([merges, resolved]).toEqual([['1+2', '101+3', '102+4', '102+4'], ['c']]);
});
