import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextProgress } from '../../../src/presentation/mcp/progress.ts';

const walk = (states: readonly { done: number; total: number; ended: boolean }[]): number[] => {
  const told: number[] = [];
  for (const state of states) {
    const next = nextProgress(told.at(-1) ?? -1, state);
    if (next !== undefined) told.push(next);
  }
  return told;
};

it('progress only ever rises, whatever happens to the job, and never passes its total', () => {
  const total = 8;
  const state = fc.record({
    done: fc.integer({ min: 0, max: total }),
    total: fc.constant(total),
    ended: fc.constant(false),
  });
  fc.assert(
    fc.property(fc.array(state, { maxLength: 2000 }), (states) => {
      const told = walk(states);
      for (const [at, value] of told.entries()) expect(value).toBeGreaterThan(told[at - 1] ?? -1);
      expect(Math.max(0, ...told)).toBeLessThan(total);
    }),
  );
});

it('every task that is done is seen, and only an ended job reaches the total', () => {
  const of = (done: number, ended = false) => ({ done, total: 3, ended });
  expect(walk([of(0), of(1), of(2), of(3), of(3, true)])).toEqual([0, 1, 2, 2.5, 3]);
});

it('a plan that is not yet there still moves', () => {
  const planning = { done: 0, total: 0, ended: false };
  const told = walk([planning, planning, planning]);
  expect(told).toHaveLength(3);
  expect(told.at(-1)).toBeLessThan(1);
});
