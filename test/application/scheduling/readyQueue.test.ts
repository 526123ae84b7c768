import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareReady, type Ready, ReadyQueue } from '../../../src/application/scheduling/readyQueue.ts';
import { taskId } from '../../support/specs.ts';

const items = fc
  .array(
    fc.record({
      tail: fc.integer({ min: 0, max: 4 }),
      priority: fc.constantFrom('low', 'normal', 'high', 'critical'),
    }),
    { maxLength: 30 },
  )
  .chain((some) =>
    fc.shuffledSubarray(
      some.map((item, age): Ready => ({ taskId: taskId(`t${age}`), age, ...item })),
      { minLength: some.length },
    ),
  );

const drain = (queue: ReadyQueue): Ready[] => {
  const out: Ready[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) out.push(next);
  return out;
};

test('the longest tail comes first, then the higher priority, then the older place in the plan', () => {
  const queue = new ReadyQueue();
  const add = (id: string, tail: number, priority: Ready['priority'], age: number): void =>
    queue.add({ taskId: taskId(id), tail, priority, age });
  add('short-critical', 1, 'critical', 0);
  add('long-young', 9, 'normal', 5);
  add('long-high', 9, 'high', 7);
  add('long-old', 9, 'normal', 1);
  expect(drain(queue).map((item) => item.taskId)).toEqual([
    'long-high',
    'long-old',
    'long-young',
    'short-critical',
  ]);
});

test('in whatever order tasks come they leave best first, and none is lost', () => {
  fc.assert(
    fc.property(items, (some) => {
      const queue = new ReadyQueue();
      for (const item of some) queue.add(item);
      expect(queue.size).toBe(some.length);
      expect(drain(queue)).toEqual(some.toSorted(compareReady));
      expect(queue.size).toBe(0);
    }),
  );
});

test('a task that was taken back does not leave, and all others still do in their order', () => {
  fc.assert(
    fc.property(items, fc.nat(), (some, at) => {
      const queue = new ReadyQueue();
      for (const item of some) queue.add(item);
      const gone = some[at % Math.max(1, some.length)];
      expect(queue.remove(taskId('stranger'))).toBe(false);
      if (gone !== undefined) expect(queue.remove(gone.taskId)).toBe(true);
      expect(drain(queue)).toEqual(some.filter((item) => item !== gone).toSorted(compareReady));
    }),
  );
});
