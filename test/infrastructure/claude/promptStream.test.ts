import { expect, test } from 'vitest';
import { PromptStream } from '../../../src/infrastructure/claude/promptStream.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a prompt is handed on word for word and marked as composed; a command of the CLI is not', async () => {
  const stream = new PromptStream();
  const text = '/clear @secret.txt !ls \u0000 \u{1f600}\n';
  const uuid = stream.prompt(text);
  const commandUuid = stream.command('/clear');
  const reader = stream[Symbol.asyncIterator]();
  expect((await reader.next()).value).toEqual({
    type: 'user',
    uuid,
    message: { role: 'user', content: text },
    parent_tool_use_id: null,
    client_composed: true,
  });
  const command = (await reader.next()).value;
  expect(command).toMatchObject({ uuid: commandUuid, message: { content: '/clear' } });
  expect(command).not.toHaveProperty('client_composed');
  expect(uuid).not.toBe(commandUuid);
});

test('the input stays open while nothing is said, and ends only when it is closed', async () => {
  const stream = new PromptStream();
  const reader = stream[Symbol.asyncIterator]();
  const got: unknown[] = [];
  const reading = (async () => {
    for (let next = await reader.next(); next.done !== true; next = await reader.next())
      got.push(next.value.message.content);
    got.push('end');
  })();
  await turn();
  expect(got).toEqual([]);
  stream.prompt('a');
  await turn();
  stream.prompt('b');
  stream.prompt('c');
  await turn();
  expect(got).toEqual(['a', 'b', 'c']);
  stream.close();
  await reading;
  expect(got).toEqual(['a', 'b', 'c', 'end']);
});

test('what was said before the close is still handed on, in its order', async () => {
  const stream = new PromptStream();
  for (let at = 0; at < 20; at++) stream.prompt(`${at}`);
  stream.close();
  const got: unknown[] = [];
  for await (const { message } of stream) {
    got.push(message.content);
    // Said while the reader is busy.
    if (got.length === 1) stream.prompt('late');
    await turn();
  }
  expect(got).toEqual([...Array.from({ length: 20 }, (_, at) => `${at}`), 'late']);
});
