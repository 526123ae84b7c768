import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { callText } from '../../src/domain/callText.ts';
import { visibleAround, visibleText } from '../../src/domain/visibleText.ts';

const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })).map(
  // As it is after a wire: no -0, no key that a dictionary has from its prototype.
  (value): Record<string, never> => JSON.parse(JSON.stringify(value)),
);
const long = fc
  .tuple(
    fc.array(fc.constantFrom('a', '"', '\n', '👩', '\ud800', 'é'), { minLength: 1, maxLength: 9 }),
    fc.nat(6000),
  )
  .map(([signs, times]) => signs.join('').repeat(times));

test('what is shown of a call is what would be shown of its whole JSON', () => {
  fc.assert(
    fc.property(json, long, fc.string(), fc.nat(3000), fc.boolean(), (more, content, span, most, first) => {
      const written = { content: `${content}${span}` };
      const input: Readonly<Record<string, string>> = first
        ? { ...written, ...more }
        : { ...more, ...written };
      // A shell's command stands there as it is.
      const whole = typeof input.command === 'string' ? input.command : JSON.stringify(input);
      const max = most + 20;
      expect(visibleAround(callText({ input }, max, span), span, max)).toBe(visibleAround(whole, span, max));
      expect(visibleText(callText({ input }, max), max)).toBe(visibleText(whole, max));
      expect(callText({ input }, Number.POSITIVE_INFINITY, span)).toBe(whole);
    }),
    { numRuns: 60 },
  );
});

test('of a call that writes megabytes no more is made text than is shown', () => {
  const input = { file_path: '/w/big.txt', content: 'line\n'.repeat(1_000_000) };
  const stringify = vi.spyOn(JSON, 'stringify');
  try {
    for (const span of ['', '/w/big.txt']) callText({ input }, 2000, span);
    const made = stringify.mock.results.reduce((sum, { value }) => sum + String(value).length, 0);
    expect(made).toBeLessThan(40_000);
  } finally {
    stringify.mockRestore();
  }
  expect(callText({ input: { command: 'ls -l', timeout: 5 } }, 3)).toBe('ls -l');
});
