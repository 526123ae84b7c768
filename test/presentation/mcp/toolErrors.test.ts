import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type RawClient, startInitialized } from '../../support/mcp/rawClient.ts';

let client: RawClient;
beforeAll(async () => {
  client = await startInitialized();
});
afterAll(async () => {
  expect(await client.end()).toBe(0);
});

const failureSchema = z.looseObject({
  isError: z.literal(true),
  content: z.array(z.looseObject({ text: z.string() })).min(1),
  structuredContent: z.strictObject({
    code: z.string(),
    message: z.string(),
    hint: z.string().min(10),
    retryable: z.boolean(),
    retry_after_ms: z.number().optional(),
  }),
});

/** A call that must fail as the tool's own error: its text and its structured twin. */
const failure = async (tool: string, args: Record<string, unknown>) => {
  const { result } = await client.call(tool, args);
  const { content, structuredContent: error } = failureSchema.parse(result);
  expect(content[0]?.text).toBe(`${error.message} ${error.hint}`);
  // Whatever went wrong, an agent is told what to call.
  expect(error.hint).toMatch(/\b(orchestrate|analyze|job_[a-z]+|task_output|system_health)\b/);
  return error;
};

const expectInvalid = async (
  tool: string,
  args: Record<string, unknown>,
  ...fields: string[]
): Promise<void> => {
  const error = await failure(tool, args);
  expect(error.code).toBe('TASK_VALIDATION');
  expect(error.message).toContain('-32602');
  for (const field of fields) expect(error.message).toContain(`${field}: `);
  expect((await client.request('ping')).result).toEqual({});
};

const good = { request: 'do it', workspace: '/w' };
const jobsOf = async (): Promise<unknown> => (await client.call('job_list', {})).result?.structuredContent;

it('31: an unknown job is not found, by every call alike', async () => {
  const job_id = 'job_zzzzzzzzzzzzzzzz';
  const calls: readonly (readonly [string, Record<string, unknown>])[] = [
    ['job_status', { job_id }],
    ['job_wait', { job_id }],
    ['job_result', { job_id }],
    ['job_cancel', { job_id }],
    ['job_steer', { job_id, action: 'retry' }],
    ['task_output', { job_id, task_id: 't1' }],
  ];
  for (const [tool, args] of calls) expect((await failure(tool, args)).code).toBe('JOB_NOT_FOUND');
});

describe('32: an id that is none is refused by name', () => {
  const ids = [
    '../../etc/passwd',
    'job_%00',
    'job_\u0000',
    'x'.repeat(10_000),
    '🦊',
    '',
    'JOB_0000000000000001',
    '-rf',
  ];
  it.each(ids)('%j', async (id) => {
    await expectInvalid('job_status', { job_id: id }, 'job_id');
    await expectInvalid(
      'task_output',
      { job_id: 'job_zzzzzzzzzzzzzzzz', task_id: id.replace('JOB_', '../') },
      'task_id',
    );
  });
});

describe('wrong arguments start nothing and name every field', () => {
  const rows: readonly (readonly [name: string, args: Record<string, unknown>, fields: readonly string[]])[] =
    [
      ['13: unknown fields', { ...good, isAdmin: true, roles: [] }, ['isAdmin', 'roles']],
      [
        '13: an unknown field of a task',
        { ...good, tasks: [{ prompt: 'p', shell: 'x' }] },
        ['tasks[0].shell'],
      ],
      [
        '40: a model that reads as an option',
        { ...good, model: '--dangerously-skip-permissions' },
        ['model'],
      ],
      [
        '40: a task id that reads as an option',
        { ...good, tasks: [{ id: '-x', prompt: 'p' }] },
        ['tasks[0].id'],
      ],
      [
        '40: a dependency that reads as an option',
        { ...good, tasks: [{ prompt: 'p', depends_on: ['--x'] }] },
        ['tasks[0].depends_on[0]'],
      ],
      ['43: an empty request', { ...good, request: '' }, ['request']],
      ['43: a blank request', { ...good, request: ' \n\t ' }, ['request']],
      [
        '43: a request of over a million characters',
        { ...good, request: 'x'.repeat(1_000_001) },
        ['request'],
      ],
      ['44: a time-out of 0', { ...good, timeout_seconds: 0 }, ['timeout_seconds']],
      ['44: a negative time-out', { ...good, timeout_seconds: -1 }, ['timeout_seconds']],
      ['44: null, which is what NaN becomes', { ...good, timeout_seconds: Number.NaN }, ['timeout_seconds']],
      ['44: a time-out of 1e308', { ...good, timeout_seconds: 1e308 }, ['timeout_seconds']],
      ['44: a time-out in letters', { ...good, timeout_seconds: '5' }, ['timeout_seconds']],
      ['44: a time-out of 2^53', { ...good, timeout_seconds: 2 ** 53 }, ['timeout_seconds']],
      ['46: a priority with a tail', { ...good, priority: 'high; DROP TABLE' }, ['priority']],
      ['a wait longer than clients wait', { ...good, wait_seconds: 46 }, ['wait_seconds']],
      ['a path upwards', { ...good, copy: ['../.env'] }, ['copy[0]']],
      [
        'an absolute path',
        { ...good, tasks: [{ prompt: 'p', writes: ['/etc/passwd'] }] },
        ['tasks[0].writes[0]'],
      ],
      ['no workers', { ...good, max_workers: 0 }, ['max_workers']],
      ['NUL in the workspace', { ...good, workspace: '/w\u0000x' }, ['workspace']],
      ['nothing at all', {}, ['request', 'workspace']],
      [
        'many mistakes at once',
        { request: 1, workspace: '', apply: 'push', fresh: 'no' },
        ['request', 'workspace', 'apply', 'fresh'],
      ],
    ];
  it.each(rows)('%s', async (_name, args, fields) => {
    const before = await jobsOf();
    await expectInvalid('orchestrate', args, ...fields);
    expect(await jobsOf()).toEqual(before);
  });

  it('a steer without what its action needs', async () => {
    const job_id = 'job_zzzzzzzzzzzzzzzz';
    await expectInvalid('job_steer', { job_id, action: 'skip' }, 'task_id');
    await expectInvalid('job_steer', { job_id, action: 'message', task_id: 't1' }, 'message');
    await expectInvalid('job_steer', { job_id, action: 'explode' }, 'action');
  });

  it('a thousand mistakes do not make a thousand lines', async () => {
    const tasks = Array.from({ length: 1000 }, () => ({ prompt: '' }));
    expect((await failure('orchestrate', { ...good, tasks })).message.length).toBeLessThan(2500);
  });
});

it('43: a request of ANSI and overrides is taken and shown inert', async () => {
  const request = '\u001b[31mred\u001b[0m \u202egnp.exe \u0007';
  await client.call('orchestrate', { ...good, request });
  const listed = JSON.stringify(await jobsOf());
  expect(listed).toContain('red gnp.exe');
  expect(listed).not.toMatch(/\\u001b|\u202e|\\u0007/);
});

it('a fault of our own says nothing of its cause: no stack, no path', async () => {
  const error = await failure('orchestrate', { ...good, request: 'BOOM' });
  expect(error).toMatchObject({ code: 'INTERNAL', retryable: false });
  expect(JSON.stringify(error)).not.toMatch(/EACCES|secret|orchestrator\.db|\.ts/);
});

it('a conflict is told with its way out', async () => {
  const key = { idempotency_key: 'k1' };
  const first = await client.call('orchestrate', { ...good, ...key });
  const again = await client.call('orchestrate', { ...good, ...key });
  expect(first.result?.structuredContent).toMatchObject({ status: 'submitted' });
  // The same job, not a second one; it is no longer only submitted.
  expect(again.result?.structuredContent).toMatchObject({ status: 'running' });
  expect((await failure('orchestrate', { ...good, ...key, request: 'other' })).code).toBe('CONFLICT');
});
