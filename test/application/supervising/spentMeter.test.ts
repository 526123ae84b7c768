import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Spent } from '../../../src/application/ports/worker.ts';
import { SpentMeter } from '../../../src/application/supervising/spentMeter.ts';
import { AuthenticationError, WorkerCrashError } from '../../../src/domain/errors/index.ts';

const spent = (n: number, costUsd = n): Spent => ({
  costUsd,
  tokens: { input: n, output: 2 * n, cacheRead: 3 * n, cacheWrite: 4 * n },
});
const failed = (context: Record<string, unknown>) => new WorkerCrashError('crashed', { hint: '', context });

test('an attempt tells running totals, of which the last counts; attempts add up', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 5 }), { maxLength: 5 }),
      (attempts) => {
        const meter = new SpentMeter();
        let sum = 0;
        attempts.forEach((steps, at) => {
          if (at > 0) meter.nextAttempt();
          let total = 0;
          for (const step of steps) {
            total += step;
            meter.read(spent(total));
          }
          sum += total;
        });
        expect(meter.total).toEqual(spent(sum));
      },
    ),
  );
});

test('what a failed attempt has cost counts, where its error tells it', () => {
  const meter = new SpentMeter();
  meter.read(failed({ spent: spent(3) }));
  meter.nextAttempt();
  meter.read(spent(2));
  expect(meter.total).toEqual(spent(5));
});

test('a failure that knows of no cost takes nothing away from what was read before', () => {
  const meter = new SpentMeter();
  meter.read(spent(3));
  for (const stranger of [
    failed({}),
    failed({ spent: spent(0) }),
    new Error('ours'),
    undefined,
    null,
    'x',
    7,
  ])
    meter.read(stranger);
  expect(meter.total).toEqual(spent(3));
});

test('tokens of a worker that costs nothing are not forgotten by a failure that knows of none', () => {
  const meter = new SpentMeter();
  meter.read(spent(3, 0));
  meter.read(new AuthenticationError('refused', { hint: '', context: { spent: spent(0) } }));
  expect(meter.total).toEqual(spent(3, 0));
});
