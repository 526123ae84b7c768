import { afterEach, expect, test, vi } from 'vitest';
import { Starts } from '../../../src/application/lanes/starts.ts';
import type { WorkerSpare } from '../../../src/application/ports/worker.ts';
import { settled, unused } from '../memory.ts';

afterEach(() => void vi.useRealTimers());

const open = new AbortController().signal;
const spare = (): WorkerSpare => ({
  take: () => Promise.reject(new Error('it died meanwhile')),
  discard: async () => undefined,
});

test('process starts are staggered: never two within the interval', async () => {
  vi.useFakeTimers();
  const starts = new Starts(250);
  const at: number[] = [];
  const all = Array.from({ length: 5 }, () => starts.start(async () => at.push(Date.now()), open));
  await vi.runAllTimersAsync();
  await Promise.all(all);
  expect(at).toHaveLength(5);
  for (const [before, time] of at.slice(1).entries())
    expect(time - (at[before] ?? 0)).toBeGreaterThanOrEqual(250);
});

test('a slow start does not hold up those after it', async () => {
  const starts = new Starts(0);
  const never = starts.start(() => new Promise(() => undefined), open);
  expect(await Promise.race([never, starts.start(async () => 'second', open)])).toBe('second');
});

test('a start that was aborted while it waited for its turn is not made', async () => {
  vi.useFakeTimers();
  const starts = new Starts(1000);
  const abort = new AbortController();
  const made: string[] = [];
  const first = starts.start(async () => made.push('first'), open);
  const second = starts.start(async () => made.push('second'), abort.signal).catch((error: unknown) => error);
  const reason = new Error('cancelled');
  abort.abort(reason);
  await vi.runAllTimersAsync();
  expect(await second).toBe(reason);
  await first;
  expect(made).toEqual(['first']);
});

test('a start that is aborted in its middle still hands out what it made, so that someone can end it', async () => {
  const starts = new Starts(0);
  const abort = new AbortController();
  const process = Promise.withResolvers<string>();
  const started = starts.start(() => process.promise, abort.signal).catch((error: unknown) => error);
  await settled();
  abort.abort(new Error('cancelled'));
  await settled();
  process.resolve('a live process');
  expect(await started).toBe('a live process');
});

test('no more than two processes wait prewarmed, and each gives its place back once, in whatever way it goes', async () => {
  const starts = new Starts(0);
  const make = async (): Promise<WorkerSpare> => spare();
  const first = starts.spare(make);
  const second = await starts.spare(make);
  expect(starts.spare(unused)).toBeUndefined();
  const taken = await first;
  await expect(taken?.take('/lane', undefined)).rejects.toThrow('it died meanwhile');
  await taken?.discard();
  const third = await starts.spare(make);
  expect(third).toBeDefined();
  expect(starts.spare(unused)).toBeUndefined();
  await second?.discard();
  await second?.discard();
  await expect(starts.spare(() => Promise.reject(new Error('no memory')))).rejects.toThrow('no memory');
  expect(await starts.spare(make)).toBeDefined();
  expect(starts.spare(unused)).toBeUndefined();
});
