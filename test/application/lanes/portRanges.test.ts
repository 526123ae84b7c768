import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ports } from '../../../src/application/lanes/portRanges.ts';

test('no two lanes that live at once share a port, and what was given back is used again', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.oneof(fc.constant(undefined), fc.nat()), { maxLength: 60 }),
      (size, script) => {
        const ports = new Ports(20_000, size);
        const live: number[] = [];
        let most = 0;
        for (const which of script) {
          if (which === undefined) live.push(ports.take());
          else for (const first of live.splice(which % Math.max(1, live.length), 1)) ports.giveBack(first);
          most = Math.max(most, live.length);
          const sorted = live.toSorted((a, b) => a - b);
          for (const [at, first] of sorted.slice(1).entries())
            expect(first - (sorted[at] ?? 0)).toBeGreaterThanOrEqual(size);
          for (const first of live) {
            expect(first).toBeGreaterThanOrEqual(20_000);
            expect(first + size).toBeLessThanOrEqual(20_000 + most * size);
          }
        }
      },
    ),
  );
});
