import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { confirmOn, useColor } from '../../../src/presentation/cli/terminal.ts';

test('NO_COLOR beats FORCE_COLOR beats the terminal', () => {
  expect(useColor({}, true)).toBe(true);
  expect(useColor({}, false)).toBe(false);
  expect(useColor({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false);
  expect(useColor({ NO_COLOR: '' }, true)).toBe(true);
  expect(useColor({ FORCE_COLOR: '1' }, false)).toBe(true);
  expect(useColor({ FORCE_COLOR: '0' }, true)).toBe(false);
  expect(useColor({ TERM: 'dumb' }, true)).toBe(false);
});

test.each([
  ['y\n', true],
  [' YES \n', true],
  ['yep\n', false],
  ['\n', false],
  ['', false],
])('a question answered with %j', async (answer, expected) => {
  const input = new PassThrough();
  const output = new PassThrough();
  input.end(answer);
  expect(await confirmOn(input, output)('Sure?')).toBe(expected);
  expect(String(output.read())).toContain('Sure? [y/N]');
});
