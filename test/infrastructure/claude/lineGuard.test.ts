import { finished } from 'node:stream/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineGuard } from '../../../src/infrastructure/claude/lineGuard.ts';

/** What comes through of these chunks, and the error that ended it, if any. */
const through = async (
  maxBytes: number,
  chunks: Iterable<Uint8Array>,
): Promise<{ out: Buffer; error: unknown }> => {
  const guard = lineGuard(maxBytes);
  const out: Uint8Array[] = [];
  guard.on('data', (chunk: Uint8Array) => out.push(chunk));
  const ended = finished(guard).then(
    () => undefined,
    (error: unknown) => error,
  );
  for (const chunk of chunks) {
    if (guard.destroyed) break;
    if (!guard.write(chunk))
      await Promise.race([new Promise((resolve) => guard.once('drain', resolve)), ended]);
  }
  if (!guard.destroyed) guard.end();
  const error = await ended;
  return { out: Buffer.concat(out), error };
};

/** Cuts `bytes` at `cuts`. */
const cut = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
  const places = [0, ...cuts.map((at) => at % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((to, at) => bytes.subarray(places[at], to));
};
const lines = (longest: number) =>
  fc.array(
    fc.uint8Array({ maxLength: longest }).map((line) => line.map((byte) => (byte === 10 ? 11 : byte))),
    {
      maxLength: 12,
    },
  );
const joined = (some: readonly Uint8Array[]): Buffer =>
  Buffer.concat(some.flatMap((line) => [line, Buffer.from('\n')]));

test('ordinary lines pass byte for byte, however they are cut into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      lines(20),
      fc.array(fc.nat(), { maxLength: 10 }),
      fc.boolean(),
      async (some, cuts, open) => {
        const bytes = open ? joined(some).subarray(0, -1) : joined(some);
        const { out, error } = await through(20, cut(bytes, cuts));
        expect(error).toBeUndefined();
        expect(out.equals(bytes)).toBe(true);
      },
    ),
  );
});

test('a line that is too long ends the stream with an error, wherever it stands and however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      lines(20),
      lines(20),
      fc.integer({ min: 21, max: 60 }),
      fc.array(fc.nat(), { maxLength: 10 }),
      async (before, after, length, cuts) => {
        const bytes = Buffer.concat([
          joined(before),
          Buffer.alloc(length, 'x'),
          Buffer.from('\n'),
          joined(after),
        ]);
        const { out, error } = await through(20, cut(bytes, cuts));
        expect(error).toMatchObject({ message: 'a line of more than 20 bytes' });
        expect(out.equals(bytes.subarray(0, out.length))).toBe(true);
      },
    ),
  );
});

test('a line of 100 MB ends with an error before it is here, and does not stay in memory', async () => {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  let given = 0;
  const flood = function* () {
    for (; given < 100 * 1024 * 1024; given += chunk.length) yield chunk;
  };
  const before = process.memoryUsage();
  const guard = lineGuard(4 * 1024 * 1024);
  // Read and dropped, as by a reader that waits for the line's end: what is kept would be the guard's.
  guard.resume();
  const ended = finished(guard).catch((error: unknown) => error);
  for (const part of flood()) {
    if (guard.destroyed) break;
    if (!guard.write(part)) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await ended).toMatchObject({ message: expect.stringContaining('a line of more than') });
  expect(given).toBeLessThan(6 * 1024 * 1024);
  const after = process.memoryUsage();
  expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(20 * 1024 * 1024);
});
