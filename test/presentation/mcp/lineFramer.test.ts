import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLineFramer } from '../../../src/presentation/mcp/stdio/lineFramer.ts';

const MAX = 10;

/** What a framer makes of bytes that come in these pieces; `!` stands for a line that was too long. */
const frame = (bytes: Buffer, cuts: readonly number[]): string[] => {
  const seen: string[] = [];
  const framer = createLineFramer({
    maxBytes: MAX,
    onLine: (line) => seen.push(Buffer.from(line).toString('latin1')),
    onTooLong: () => seen.push('!'),
  });
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  for (const [at, edge] of edges.entries()) framer.push(bytes.subarray(edge, edges[at + 1] ?? bytes.length));
  return seen;
};

it('lines come out the same however the bytes are cut, each long line is told once, and an open end is no line', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', '\r'), maxLength: 2 * MAX });
  fc.assert(
    fc.property(fc.array(line), line, fc.array(fc.nat()), (lines, open, cuts) => {
      const text = `${lines.map((one) => `${one}\n`).join('')}${open}`;
      const expected = [
        ...lines.map((one) => (one.length > MAX ? '!' : one)),
        ...(open.length > MAX ? ['!'] : []),
      ];
      expect(frame(Buffer.from(text, 'latin1'), cuts)).toEqual(expected);
    }),
  );
});
