import { PassThrough, Writable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import {
  confirmOn,
  endWithReader,
  harmlessJson,
  printable,
  printableText,
  useColor,
} from '../../../src/presentation/cli/terminal.ts';

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

test('a reader that goes away ends the program quietly; any other fault of a stream is thrown', () => {
  const end = vi.fn();
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  endWithReader(stream, end);
  stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  expect(end).toHaveBeenCalledTimes(1);
  expect(() => stream.emit('error', Object.assign(new Error('disk'), { code: 'ENOSPC' }))).toThrow('disk');
  expect(end).toHaveBeenCalledTimes(1);
});

test('text of others is shown and not obeyed, and JSON stays the same JSON', () => {
  const evil = 'a\tb\u001b[2J\u009b\u202e\n';
  expect(printable(evil)).toBe('a\\u0009b\\u001b[2J\\u009b\\u202e\n');
  expect(printableText(evil)).toBe('a\tb\\u001b[2J\\u009b\\u202e\n');
  const json = harmlessJson(JSON.stringify({ [evil]: evil }));
  expect(json).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  expect(JSON.parse(json)).toEqual({ [evil]: evil });
});
