import { expect, test } from 'vitest';
import { NO_TOKENS } from '../../../src/domain/task.ts';
import { authenticationError, resultError } from '../../../src/infrastructure/claude/resultErrors.ts';
import { result } from './wire.ts';

const spent = { costUsd: 1.5, tokens: NO_TOKENS };
const api = (status: number | null, words: string, more: Record<string, unknown> = {}) => ({
  is_error: true,
  result: words,
  api_error_status: status,
  terminal_reason: 'api_error',
  stop_reason: 'stop_sequence',
  ...more,
});

test('a turn that went well is no error, whatever its words and whatever failed on the way', () => {
  expect(resultError(result({ result: 'API Error: 500' }), 'server_error', spent)).toBeUndefined();
});

/* Words and fields as CLI 2.1.331 gave them before an API that answers with nothing but this status. */
test.each([
  [
    'a refused key',
    api(401, 'Invalid API key · Fix external API key'),
    'authentication_failed',
    'API_AUTHENTICATION',
    false,
  ],
  [
    'no rights',
    api(403, 'Failed to authenticate. API Error: 403 no rights'),
    'authentication_failed',
    'API_AUTHENTICATION',
    false,
  ],
  ['no credit', api(400, 'Credit balance is too low'), 'billing_error', 'API_AUTHENTICATION', false],
  [
    'no credit, by its own status',
    api(402, 'Credit balance is too low'),
    'billing_error',
    'API_AUTHENTICATION',
    false,
  ],
  [
    'too many calls',
    api(429, 'API Error: Request rejected (429) · slow down'),
    'rate_limit',
    'API_RATE_LIMIT',
    true,
  ],
  [
    'a long prompt',
    api(400, 'Prompt is too long · the request is ~300000 tokens', { terminal_reason: 'prompt_too_long' }),
    'invalid_request',
    'TASK_EXECUTION',
    false,
  ],
  [
    'a large body',
    api(413, 'Request too large (max 32MB).', { terminal_reason: 'image_error' }),
    'invalid_request',
    'TASK_EXECUTION',
    false,
  ],
  ['a bad request', api(400, 'API Error: 400 bad tools'), 'unknown', 'TASK_EXECUTION', false],
  ['an overloaded API', api(529, 'API Error: 529 Overloaded.'), 'server_error', 'WORKER_COMMUNICATION', true],
  ['a broken API', api(500, 'API Error: 500 Internal.'), 'server_error', 'WORKER_COMMUNICATION', true],
])('%s is told by its kind, and whether a retry helps', (_what, part, failure, code, retryable) => {
  const error = resultError(result(part), failure, spent);
  expect(error).toMatchObject({ code, retryable, context: { spent } });
  expect(error?.hint).not.toBe('');
});

/* Not met before that API: the fields are those of the SDK's types. */
test.each([
  ['a cut connection', api(null, 'API Error: Connection error.'), 'WORKER_COMMUNICATION', true],
  [
    'a refusal of the model',
    api(null, 'Unable to respond', { stop_reason: 'refusal' }),
    'TASK_EXECUTION',
    false,
  ],
  [
    'the budget used up',
    { subtype: 'error_max_budget_usd', is_error: true, errors: ['maximum'] },
    'TASK_EXECUTION',
    false,
  ],
  ['the turns used up', { subtype: 'error_max_turns', is_error: true }, 'TASK_EXECUTION', false],
  [
    'no wanted form',
    { subtype: 'error_max_structured_output_retries', is_error: true },
    'TASK_EXECUTION',
    true,
  ],
  [
    'a stopped turn',
    { subtype: 'error_during_execution', is_error: true, errors: ['aborted'] },
    'WORKER_COMMUNICATION',
    true,
  ],
])('%s ends a turn by its kind, and whether a retry helps', (_what, part, code, retryable) => {
  expect(resultError(result(part), 'unknown', spent)).toMatchObject({ code, retryable, context: { spent } });
});

test('a model that does not exist is not asked for again: no retry makes it appear', () => {
  const words =
    "There's an issue with the selected model (nope). It may not exist or you may not have access to it.";
  expect(resultError(result(api(404, words)), 'model_not_found', spent)).toMatchObject({ retryable: false });
});

test('a rate limit says when to come again', () => {
  expect(resultError(result(api(429, 'slow down')), 'rate_limit', spent)?.retryAfterMs).toBeGreaterThan(0);
});

test('long words of the API are cut', () => {
  const error = resultError(result(api(500, 'x'.repeat(100_000))), 'server_error', spent);
  expect(error?.message.length).toBeLessThan(700);
});

test('what lacks credentials is told that a running server must start again to see them', () => {
  const { message, hint } = authenticationError('Not logged in', {});
  expect(message).toBe('The Claude CLI has no valid credentials: Not logged in.');
  expect(hint).toMatch(/ANTHROPIC_API_KEY.*`claude-orchestrator stop`/);
});
