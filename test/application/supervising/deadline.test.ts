import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Deadline } from '../../../src/application/supervising/deadline.ts';
import { WorkerTimeoutError } from '../../../src/domain/errors/index.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const open = new AbortController().signal;

/** Works for `ms`, or until it is stopped. */
const work =
  (ms: number) =>
  (signal: AbortSignal): Promise<'ended'> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve('ended'), ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    });

test('the time used up aborts the work with an error that says what to do', async () => {
  const ended = new Deadline(2).during(open, work(60_000)).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1999);
  expect(vi.getTimerCount()).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(1);
  const error = await ended;
  expect(error).toBeInstanceOf(WorkerTimeoutError);
  expect(error).toMatchObject({ message: expect.stringContaining('2 seconds'), retryable: false });
  expect(vi.getTimerCount()).toBe(0);
});

test('only time inside during counts: whatever passes between is free', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ inside: fc.integer({ min: 1, max: 900 }), outside: fc.nat(1_000_000) }), {
        minLength: 1,
        maxLength: 6,
      }),
      async (pieces) => {
        const deadline = new Deadline(2);
        let left = 2000;
        for (const { inside, outside } of pieces) {
          if (inside === left) return;
          const ended = deadline.during(open, work(inside)).catch((error: unknown) => error);
          await vi.advanceTimersByTimeAsync(Math.min(inside, Math.max(0, left)));
          if (inside < left) expect(await ended).toBe('ended');
          else {
            expect(await ended).toBeInstanceOf(WorkerTimeoutError);
            return;
          }
          left -= inside;
          await vi.advanceTimersByTimeAsync(outside);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('time used up stays used up: the next piece of work is stopped at once', async () => {
  const deadline = new Deadline(1);
  const first = deadline.during(open, work(5000)).catch(() => 'stopped');
  await vi.advanceTimersByTimeAsync(1000);
  expect(await first).toBe('stopped');
  const second = deadline.during(open, work(5000)).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1);
  expect(await second).toBeInstanceOf(WorkerTimeoutError);
});

test('an abort from outside reaches the work with its own reason', async () => {
  const outer = new AbortController();
  const reason = new Error('cancelled');
  const ended = new Deadline(1).during(outer.signal, work(500)).catch((error: unknown) => error);
  outer.abort(reason);
  expect(await ended).toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
});

test('work that fails uses up its time too', async () => {
  const deadline = new Deadline(1);
  const failing = deadline
    .during(open, async () => {
      await vi.advanceTimersByTimeAsync(700);
      throw new Error('crashed');
    })
    .catch(() => undefined);
  await failing;
  const ended = deadline.during(open, work(400)).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(300);
  expect(await ended).toBeInstanceOf(WorkerTimeoutError);
});

test('time in which a person is asked does not count, however many are asked at once', async () => {
  const deadline = new Deadline(2);
  const ended = deadline.during(open, work(60_000_000)).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1500);
  const first = deadline.pause();
  const second = deadline.pause();
  await vi.advanceTimersByTimeAsync(1_000_000);
  first();
  first();
  await vi.advanceTimersByTimeAsync(1_000_000);
  second();
  await vi.advanceTimersByTimeAsync(499);
  expect(await Promise.race([ended, Promise.resolve('runs')])).toBe('runs');
  await vi.advanceTimersByTimeAsync(1);
  expect(await ended).toBeInstanceOf(WorkerTimeoutError);
});

test('a wait that outlives its work costs the next one nothing', async () => {
  const deadline = new Deadline(1);
  const first = deadline.during(open, work(400));
  const goOn = deadline.pause();
  await vi.advanceTimersByTimeAsync(400);
  expect(await first).toBe('ended');
  const second = deadline.during(open, work(900)).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(100);
  goOn();
  await vi.advanceTimersByTimeAsync(800);
  expect(await second).toBe('ended');
});
