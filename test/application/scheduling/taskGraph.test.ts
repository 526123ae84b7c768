import fc from 'fast-check';
import { expect, test } from 'vitest';
import { consequences, skippedBecauseOf } from '../../../src/application/scheduling/taskGraph.ts';
import type { TaskId } from '../../../src/domain/ids.ts';
import { type Task, type TaskStatus, TERMINAL_TASK } from '../../../src/domain/task.ts';
import { moveTask } from '../../../src/domain/transitions.ts';
import { task, taskId } from '../../support/specs.ts';

const graph = (...tasks: readonly Task[]) => ({
  order: tasks.map((one) => one.spec.id),
  tasks: new Map(tasks.map((one): [TaskId, Task] => [one.spec.id, one])),
});

/** The tasks after the steps were made. */
const after = (tasks: ReadonlyMap<TaskId, Task>, steps: ReturnType<typeof consequences>['steps']) => {
  const next = new Map(tasks);
  for (const { id, move, patch } of steps) {
    const from = next.get(id);
    if (from !== undefined && move !== undefined)
      next.set(id, { ...from, ...patch, status: moveTask(from.status, move) });
  }
  return next;
};

const STATUSES: readonly TaskStatus[] = [
  'waiting',
  'ready',
  'running',
  'verifying',
  'done',
  'failed',
  'skipped',
  'cancelled',
];

/** Plans in topological order, in whatever state; some tasks are ordered behind others on top. */
const plans = fc
  .array(
    fc.record({
      status: fc.oneof(
        { weight: 3, arbitrary: fc.constant<TaskStatus>('waiting') },
        { weight: 2, arbitrary: fc.constant<TaskStatus>('done') },
        { weight: 1, arbitrary: fc.constantFrom(...STATUSES) },
      ),
      needs: fc.array(fc.nat(), { maxLength: 3 }),
      behind: fc.array(fc.nat(), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((some) =>
    graph(
      ...some.map(({ status, needs, behind }, at) =>
        task(
          `t${at}`,
          {
            status,
            orderedAfter: behind
              .filter((n) => n % some.length !== at)
              .map((n) => taskId(`t${n % some.length}`)),
          },
          { dependsOn: at === 0 ? [] : needs.map((n) => `t${n % at}`) },
        ),
      ),
    ),
  );

test('a waiting task is released only when all that it depends on is done', () => {
  for (const status of STATUSES.filter((one) => one !== 'done')) {
    const { order, tasks } = graph(
      task('a', { status: 'done' }),
      task('b', { status }),
      task('c', {}, { dependsOn: ['a', 'b'] }),
    );
    expect(consequences(order, tasks).released).not.toContain('c');
  }
  const { order, tasks } = graph(
    task('a', { status: 'done' }),
    task('b', { status: 'done' }),
    task('c', {}, { dependsOn: ['a', 'b'] }),
  );
  expect(consequences(order, tasks)).toEqual({
    released: ['c'],
    steps: [{ id: 'c', move: 'release' }],
    happenings: [{ type: 'task.ready', taskId: 'c' }],
  });
});

test('a task ordered behind another one is released when that one has ended, in whatever way', () => {
  for (const status of STATUSES) {
    const { order, tasks } = graph(
      task('other', { status }),
      task('held', { orderedAfter: [taskId('other')] }),
    );
    const ended = ['done', 'failed', 'skipped', 'cancelled'].includes(status);
    expect(consequences(order, tasks).released.includes(taskId('held'))).toBe(ended);
  }
});

test('a skip goes down the graph in one go, each with the reason that is its own', () => {
  const { order, tasks } = graph(
    task('a', { status: 'failed' }),
    task('b', {}, { dependsOn: ['a'] }),
    task('c', {}, { dependsOn: ['b'] }),
    task('free'),
  );
  const { happenings, released, steps } = consequences(order, tasks);
  expect(happenings).toEqual([
    { type: 'task.skipped', taskId: 'b', reason: 'It depends on a task that was not done: "a" failed.' },
    { type: 'task.skipped', taskId: 'c', reason: 'It depends on a task that was not done: "b" was skipped.' },
    { type: 'task.ready', taskId: 'free' },
  ]);
  expect(released).toEqual(['free']);
  expect(steps[0]?.patch?.error).toMatchObject({ message: expect.stringContaining('"a" failed') });
});

test('whatever the state, exactly the right tasks are released and skipped, and a second look finds nothing more', () => {
  fc.assert(
    fc.property(plans, ({ order, tasks }) => {
      const { steps, released } = consequences(order, tasks);
      const next = after(tasks, steps);
      for (const [id, one] of tasks) {
        const now = next.get(id)?.status;
        if (one.status !== 'waiting') {
          expect(now).toBe(one.status);
          continue;
        }
        const needs = one.spec.dependsOn.map((need) => next.get(need)?.status ?? 'done');
        const behind = one.orderedAfter.map((other) => tasks.get(other)?.status ?? 'done');
        if (needs.some((status) => status !== 'done' && TERMINAL_TASK.has(status)))
          expect(now).toBe('skipped');
        else if (
          needs.every((status) => status === 'done') &&
          behind.every((status) => TERMINAL_TASK.has(status))
        )
          expect(now).toBe('ready');
        else expect(now).toBe('waiting');
        expect(released.includes(id)).toBe(now === 'ready');
      }
      // Those skipped just now may set free what was only ordered behind them; nothing depends on that twice.
      expect(consequences(order, next).steps.every(({ move }) => move === 'release')).toBe(true);
    }),
  );
});

test('when a task is tried again all that was skipped because of it follows, and nothing else', () => {
  const { order, tasks } = graph(
    task('a', { status: 'failed' }),
    task('direct', { status: 'skipped' }, { dependsOn: ['a'] }),
    task('through', { status: 'skipped' }, { dependsOn: ['direct'] }),
    task('other', { status: 'failed' }),
    task('stranger', { status: 'skipped' }, { dependsOn: ['other'] }),
    task('cancelled', { status: 'cancelled' }, { dependsOn: ['a'] }),
    task('behind', { status: 'skipped', orderedAfter: [taskId('a')] }),
  );
  expect(skippedBecauseOf(taskId('a'), order, tasks)).toEqual(['direct', 'through']);
});

test('a task that a person skipped stays skipped when what it depended on is tried again', () => {
  const byPerson = { code: 'USER_DENIED', message: 'Not wanted any more.', hint: '', retryable: false };
  const { order, tasks } = graph(
    task('a', { status: 'failed' }),
    task('unwanted', { status: 'skipped', error: byPerson }, { dependsOn: ['a'] }),
    task('wanted', { status: 'skipped' }, { dependsOn: ['a'] }),
  );
  expect(skippedBecauseOf(taskId('a'), order, tasks)).toEqual(['wanted']);
});
