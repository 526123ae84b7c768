import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withRetries } from '../../../../src/application/running/task/retry.ts';
import {
  RateLimitError,
  TaskExecutionError,
  WorkerCommunicationError,
  WorkerCrashError,
} from '../../../../src/domain/errors/index.ts';

const crash = () => new WorkerCrashError('crashed', { hint: '', retryable: true });
const transient = () => new WorkerCommunicationError('cut off', { hint: '', retryable: true });
const final = () => new TaskExecutionError('red', { hint: '' });
const limited = (retryAfterMs: number) =>
  new RateLimitError('slow down', { hint: '', retryable: true, retryAfterMs });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Fails with these errors, one an attempt, then goes well. Time passes as fast as it is waited for. */
const run = async (errors: readonly unknown[], signal = new AbortController().signal) => {
  const startedAt: number[] = [];
  const told: { error: unknown; delayMs: number }[] = [];
  const outcome = withRetries(
    signal,
    async () => {
      startedAt.push(Date.now());
      const error = errors[startedAt.length - 1];
      if (error !== undefined) throw error;
      return 'well';
    },
    (error, delayMs) => told.push({ error, delayMs }),
  ).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return { outcome: await outcome, attempts: startedAt.length, startedAt, told };
};

test('a worker that crashed is run again once, and not twice', async () => {
  expect(await run([crash()])).toMatchObject({ outcome: 'well', attempts: 2 });
  const second = crash();
  expect(await run([crash(), second, crash()])).toMatchObject({ outcome: second, attempts: 2 });
});

test('what may pass is tried three times more, and the last error is the one that is told', async () => {
  expect(await run([transient(), transient(), transient()])).toMatchObject({ outcome: 'well', attempts: 4 });
  const last = limited(5);
  expect(await run([transient(), limited(5), transient(), last])).toMatchObject({
    outcome: last,
    attempts: 4,
  });
});

test('what a retry does not help is not tried again, nor a fault of ours', async () => {
  for (const error of [final(), new TypeError('ours'), 'no error at all'])
    expect(await run([error])).toMatchObject({ outcome: error, attempts: 1, told: [] });
});

test('crashes and what may pass are counted apart, in whatever order they come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(crash, transient, final), { maxLength: 7 }), async (makers) => {
      const errors = makers.map((make) => make());
      const left = { crash: 1, transient: 3 };
      const stop = errors.findIndex((error) => {
        if (!error.retryable) return true;
        return left[error instanceof WorkerCrashError ? 'crash' : 'transient']-- === 0;
      });
      const { outcome, attempts, told } = await run(errors);
      expect(attempts).toBe(stop === -1 ? errors.length + 1 : stop + 1);
      expect(outcome).toBe(stop === -1 ? 'well' : errors[stop]);
      // Each failure that another try follows is told of, and no other.
      expect(told.map(({ error }) => error)).toEqual(errors.slice(0, attempts - 1));
    }),
    { numRuns: 60 },
  );
});

test('another try never comes sooner than a rate limit asks, and the delay that is told is the one that is kept', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 90_000 }),
      fc.integer({ min: 0, max: 3 }),
      async (asked, before) => {
        const errors = [...Array.from({ length: before }, transient).slice(0, 2), limited(asked)];
        const { startedAt, told } = await run(errors);
        const gaps = startedAt.slice(1).map((at, n) => at - (startedAt[n] ?? 0));
        expect(gaps.at(-1)).toBeGreaterThanOrEqual(asked);
        for (const [at, gap] of gaps.entries())
          expect(Math.abs(gap - (told[at]?.delayMs ?? -9))).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 40 },
  );
});

test('a failure after the abort is not tried again', async () => {
  const abort = new AbortController();
  const error = transient();
  abort.abort(new Error('cancelled'));
  expect(await run([error], abort.signal)).toMatchObject({ attempts: 1, told: [] });
});

test('an abort while the next try is waited for ends the wait at once, and there is no next try', async () => {
  const abort = new AbortController();
  const reason = new Error('cancelled');
  let attempts = 0;
  let ended: unknown;
  void withRetries(
    abort.signal,
    async () => {
      attempts++;
      throw limited(60_000);
    },
    () => undefined,
  ).catch((error: unknown) => {
    ended = error;
  });
  await vi.advanceTimersByTimeAsync(1000);
  abort.abort(reason);
  await vi.advanceTimersByTimeAsync(0);
  const endedAtOnce = ended;
  await vi.runAllTimersAsync();
  expect(attempts).toBe(1);
  expect(endedAtOnce).toBe(reason);
});
