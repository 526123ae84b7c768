import { expect, test } from 'vitest';
import { LoneCalls } from '../../../src/infrastructure/claude/loneCalls.ts';
import { message } from './wire.ts';

const event = (body: Record<string, unknown>, parent: string | null = null) =>
  message({ type: 'stream_event', parent_tool_use_id: parent, event: body });
const start = event({ type: 'message_start', message: { id: 'm' } });
const stop = event({ type: 'message_stop' });
const block = (part: Record<string, unknown>, parent: string | null = null) =>
  event({ type: 'content_block_start', index: 0, content_block: part }, parent);
const call = (id: string, parent: string | null = null) =>
  block({ type: 'tool_use', id, name: 'Bash', input: {} }, parent);

const after = (...messages: Parameters<LoneCalls['receive']>[0][]): LoneCalls => {
  const lone = new LoneCalls();
  lone.begin();
  for (const one of messages) lone.receive(one);
  return lone;
};

test('a call is alone once its message has ended without another one, words and thoughts beside it do not count', () => {
  const lone = after(start, block({ type: 'thinking', thinking: '' }), block({ type: 'text', text: '' }));
  lone.receive(call('a'));
  expect(lone.isAlone('a')).toBe(false);
  lone.receive(stop);
  expect(lone.isAlone('a')).toBe(true);
  expect(lone.isAlone('b')).toBe(false);
});

test('of two calls in a message neither is alone, the first neither while only it has come', () => {
  const lone = after(start, call('a'));
  expect(lone.isAlone('a')).toBe(false);
  lone.receive(call('b'));
  lone.receive(stop);
  expect([lone.isAlone('a'), lone.isAlone('b')]).toEqual([false, false]);
});

test('a message that is streamed anew counts anew', () => {
  const lone = after(start, call('a'), call('b'), start, call('c'), stop);
  expect([lone.isAlone('a'), lone.isAlone('c')]).toEqual([false, true]);
});

test("sub-agents' messages are no part of it", () => {
  const lone = after(start, call('a'), stop, call('sub', 'a'));
  expect([lone.isAlone('a'), lone.isAlone('sub')]).toEqual([true, false]);
});

test('while a message of a person waits at the worker no call is given up, since that would be lost', () => {
  const lone = after(start, call('a'), stop);
  lone.messageWaits();
  expect(lone.isAlone('a')).toBe(false);
  lone.begin();
  expect(lone.isAlone('a')).toBe(true);
});

test('the call at which a session was resumed was alone, though its message comes no more', () => {
  const lone = new LoneCalls('a');
  expect([lone.isAlone('a'), lone.isAlone('b')]).toEqual([true, false]);
});
