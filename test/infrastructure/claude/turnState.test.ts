import { expect, test } from 'vitest';
import type { WorkerEvent } from '../../../src/application/ports/worker.ts';
import { AuthenticationError, OrchestratorError } from '../../../src/domain/errors/index.ts';
import { TurnState } from '../../../src/infrastructure/claude/turnState.ts';
import { message, result } from './wire.ts';

const begin = (...sent: readonly string[]) => {
  const events: WorkerEvent[] = [];
  const state = new TurnState({ onEvent: (event) => events.push(event) }, 42);
  for (const uuid of sent) state.sent(uuid);
  return { state, events };
};

/** How the turn stands: its last words, its error's code, or that it is not over. */
const outcome = async (state: TurnState): Promise<string> =>
  Promise.race([
    state.outcome.then(
      ({ text }) => text,
      (error: unknown) => (error instanceof OrchestratorError ? error.code : String(error)),
    ),
    new Promise<string>((resolve) => setImmediate(() => resolve('not over'))),
  ]);
const init = (id: string) => message({ type: 'system', subtype: 'init', session_id: id });
const assistant = (part: Record<string, unknown>, ...content: unknown[]) =>
  message({ type: 'assistant', message: { role: 'assistant', content }, ...part });

test('the result that answers the prompt ends the turn, with words, cost and the tokens of all models', async () => {
  const { state } = begin('m1');
  state.receive(result({ user_message_uuid: 'm1', structured_output: { a: 1 } }));
  expect(await state.outcome).toEqual({
    text: 'It is done.',
    structured: { a: 1 },
    sessionId: 'session-1',
    turns: 2,
    costUsd: 0.25,
    tokens: { input: 11, output: 22, cacheRead: 33, cacheWrite: 44 },
  });
});

test('the answer to an earlier message that comes late is not taken for the own one, an error of it neither', async () => {
  const { state } = begin('m2');
  state.receive(result({ user_message_uuids: ['m1'], result: 'of the task before' }));
  state.receive(
    result({
      user_message_uuid: 'm1',
      subtype: 'error_during_execution',
      is_error: true,
      errors: ['aborted'],
    }),
  );
  state.receive(result({ result: 'names nobody' }));
  expect(await outcome(state)).toBe('not over');
  state.receive(result({ user_message_uuids: ['m2'], result: 'the own one' }));
  expect(await outcome(state)).toBe('the own one');
});

test('the turn is over only when every message that was sent has been answered', async () => {
  const { state } = begin('m1');
  state.sent('m2');
  state.receive(result({ user_message_uuids: ['m1'], result: 'first' }));
  expect(await outcome(state)).toBe('not over');
  state.receive(result({ user_message_uuids: ['m2'], result: 'second', total_cost_usd: 0.5 }));
  expect(await state.outcome).toMatchObject({ text: 'second', costUsd: 0.5 });
});

test('one result may answer several messages, and some of somebody else with them', async () => {
  const { state } = begin('m1', 'm2', 'm3');
  state.receive(result({ user_message_uuids: ['m0', 'm1', 'm3', 'm2'], user_message_uuid: 'm2' }));
  expect(await outcome(state)).toBe('It is done.');
});

test('a turn all of whose messages are answered is not waited for for ever because a stranger is still in the queue', async () => {
  const { state } = begin('m1');
  state.receive(result({ user_message_uuids: ['m1'], queued_turn_count: 1, result: 'the own one' }));
  state.receive(result({ user_message_uuids: ['m0'], queued_turn_count: 0, result: 'of a stranger' }));
  expect(await outcome(state)).toBe('the own one');
});

test('a failure that names no message means that the process could not begin: it ends the turn', async () => {
  const { state } = begin('m1');
  state.receive(result({ subtype: 'error_during_execution', is_error: true, errors: ['no such model'] }));
  expect(await outcome(state)).toBe('WORKER_COMMUNICATION');
});

test('an error of the own answer is told by the kind that the message before it named, with what it cost', async () => {
  const { state } = begin('m1');
  state.receive(assistant({ error: 'billing_error' }, { type: 'text', text: 'Credit balance is too low' }));
  state.receive(result({ user_message_uuid: 'm1', is_error: true, result: 'Credit balance is too low' }));
  await expect(state.outcome).rejects.toMatchObject({
    code: 'API_AUTHENTICATION',
    context: { spent: { costUsd: 0.25 } },
  });
});

test('a refused key ends the turn at the first retry of the CLI; other retries are only told of', async () => {
  const { state, events } = begin('m1');
  const retry = (error: string, status: number | null) =>
    message({ type: 'system', subtype: 'api_retry', attempt: 1, error_status: status, error });
  state.receive(retry('overloaded', 529));
  state.receive(retry('unknown', null));
  expect(await outcome(state)).toBe('not over');
  expect(events).toMatchObject([
    { kind: 'retry', message: 'API 529 overloaded, attempt 1' },
    { kind: 'retry', message: expect.stringContaining('unknown') },
  ]);
  state.receive(retry('authentication_failed', 401));
  await expect(state.outcome).rejects.toBeInstanceOf(AuthenticationError);
});

test('the worker is told alive once, at its first sign, with the session and the process', () => {
  const { state, events } = begin('m1');
  state.receive(message({ type: 'system', subtype: 'status' }));
  expect(events).toEqual([]);
  state.receive(init('s1'));
  state.receive(init('s2'));
  expect(events).toEqual([{ kind: 'alive', sessionId: 's1', pid: 42 }]);
});

test('words, tool calls and their results are told of as they come; what is not known is passed over', () => {
  const { state, events } = begin('m1');
  const call = { type: 'tool_use', id: 't', name: 'Bash', input: { command: 'ls' } };
  const user = (content: unknown) => message({ type: 'user', message: { role: 'user', content } });
  state.receive(assistant({}, { type: 'thinking', thinking: '…' }, { type: 'text', text: 'Look' }, call));
  state.receive(assistant({}, { ...call, input: 'no object' }));
  state.receive(user('only words'));
  state.receive(user([{ type: 'tool_result', tool_use_id: 't', content: 'a.ts' }]));
  state.receive(
    user([
      { type: 'tool_result', is_error: true, content: [{ type: 'text', text: 'x' }, { type: 'image' }] },
    ]),
  );
  state.receive(user([{ type: 'tool_result' }]));
  state.receive(message({ type: 'something_new' }));
  expect(events).toEqual([
    { kind: 'text', text: 'Look' },
    { kind: 'tool', tool: 'Bash', input: { command: 'ls' } },
    { kind: 'tool', tool: 'Bash', input: {} },
    { kind: 'tool_result', text: 'a.ts', isError: false },
    { kind: 'tool_result', text: 'x\n', isError: true },
    { kind: 'tool_result', text: '', isError: false },
  ]);
});

test('a sandbox that has lost its bridge fails the turn, to be run again: a model would call it done without a shell', async () => {
  const lost = 'Linux sandbox HTTP bridge socket is missing (socat may have died). Restart to retry.';
  const told = (part: Record<string, unknown>) =>
    message({ type: 'user', message: { role: 'user', content: [{ type: 'tool_result', ...part }] } });
  const { state, events } = begin('m1');
  state.receive(told({ content: lost }));
  state.receive(told({ is_error: true, content: `Exit code 1\ngrep: ${lost}` }));
  expect(await outcome(state)).toBe('not over');
  state.receive(told({ is_error: true, content: [{ type: 'text', text: lost }] }));
  state.receive(result({ user_message_uuid: 'm1' }));
  await expect(state.outcome).rejects.toMatchObject({
    code: 'WORKER_CRASH',
    retryable: true,
    message: expect.stringContaining('sandbox'),
  });
  expect(events.at(-1)).toEqual({ kind: 'tool_result', text: lost, isError: true });
});

test('what fails a turn from outside is its end, and a result after that changes nothing', async () => {
  const { state } = begin('m1');
  const crash = new Error('crashed');
  state.fail(crash);
  state.receive(result({ user_message_uuid: 'm1' }));
  await expect(state.outcome).rejects.toBe(crash);
});

test('a deferred call ends the turn at once and is named, whatever was said to the worker meanwhile', async () => {
  const { state } = begin('m1');
  state.sent('m2');
  state.receive(
    result({
      user_message_uuids: ['m1'],
      result: '',
      terminal_reason: 'tool_deferred',
      deferred_tool_use: { id: 'toolu_1', name: 'Bash', input: {} },
    }),
  );
  expect(await state.outcome).toMatchObject({ deferred: 'toolu_1', sessionId: 'session-1', costUsd: 0.25 });
});

test('a deferred call whose tool is gone is no call that can be gone on with', async () => {
  const { state } = begin('m1');
  state.receive(
    result({
      terminal_reason: 'tool_deferred_unavailable',
      deferred_tool_use: { id: 'toolu_1', name: 'Bash', input: {} },
    }),
  );
  expect(await outcome(state)).toBe('WORKER_COMMUNICATION');
});

test('a session that goes on by itself is over at a result that names no message', async () => {
  const { state } = begin();
  state.goesOnByItself();
  state.receive(result({ result: 'gone on' }));
  expect(await outcome(state)).toBe('gone on');
});
