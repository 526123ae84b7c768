import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBoundedLog } from '../../../src/infrastructure/process/boundedLog.ts';

const CUT = /\n\[… (\d+) bytes cut …\]\n/;

const collect = (cap: number, chunks: readonly (string | Uint8Array)[]) => {
  const log = createBoundedLog(cap);
  for (const chunk of chunks) log.write(chunk);
  return log;
};

const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 40 });

describe('a bounded log', () => {
  it('gives back what fits, byte for byte, however it was cut into pieces', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 7 }), (parts, size) => {
        const all = Buffer.from(parts.join(''));
        const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, n) =>
          all.subarray(n * size, (n + 1) * size),
        );
        expect(collect(all.length, pieces).text()).toBe(all.toString());
      }),
    );
  });

  it('keeps start and end of what does not fit, never more than the cap, and counts what is missing', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 16, max: 200 }), (parts, cap) => {
        const all = parts.join('');
        const bytes = Buffer.byteLength(all);
        fc.pre(bytes > cap);
        const log = collect(cap, parts);
        const said = log.text();
        const [head = '', missing, tail = ''] = said.split(CUT);
        expect(all.startsWith(head)).toBe(true);
        expect(all.endsWith(tail)).toBe(true);
        expect(Buffer.byteLength(head) + Buffer.byteLength(tail)).toBeLessThanOrEqual(cap);
        expect(Buffer.byteLength(head) + Buffer.byteLength(tail)).toBeGreaterThan(cap - 8);
        expect(Number(missing)).toBe(bytes - Buffer.byteLength(head) - Buffer.byteLength(tail));
        expect(log.bytes).toBe(bytes);
      }),
    );
  });

  it('cuts between characters', () => {
    const said = collect(10, ['äöü€🙂'.repeat(100)]).text();
    expect(said).not.toContain('\ufffd');
    expect(said).toMatch(/^äö\n\[… \d+ bytes cut …\]\n🙂$/);
  });

  it('can be read at any time, and goes on', () => {
    const log = createBoundedLog(8);
    log.write('abcd');
    expect(log.text()).toBe('abcd');
    log.write('efghijkl');
    expect(log.text()).toBe('abcd\n[… 4 bytes cut …]\nijkl');
    log.write('m');
    expect(log.text()).toBe('abcd\n[… 5 bytes cut …]\njklm');
  });
});
