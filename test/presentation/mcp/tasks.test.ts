import { isCreateTaskResultV2, isDetailedTaskV2 } from '@modelcontextprotocol/ext-tasks/core/v2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { abilitiesIn } from '../../../src/presentation/mcp/clientAbilities.ts';
import { AGENT, type McpOverHttp, startMcpHttp } from '../../support/mcp/httpServer.ts';
import { answerOf, ask, send, TASKS } from '../../support/mcp/httpWire.ts';

let http: McpOverHttp;
beforeAll(async () => {
  http = await startMcpHttp();
});
afterAll(() => http.close());

const capabilities = TASKS;
const orchestrate = (more: object = {}, declared = capabilities): Promise<Record<string, unknown>> =>
  ask(
    http.url,
    'tools/call',
    { name: 'orchestrate', arguments: { request: 'Mend it', workspace: '/w', ...more } },
    { capabilities: declared },
  );
const task = (method: string, taskId: string): Promise<Record<string, unknown>> =>
  ask(http.url, method, { taskId, inputResponses: {} }, { capabilities });
const move = (job_id: unknown, message: string): Promise<Record<string, unknown>> =>
  ask(http.url, 'tools/call', {
    name: 'job_steer',
    arguments: { job_id, task_id: 't1', action: 'message', message },
  });

it('the server declares the extension to clients of the revision that has it', async () => {
  expect(await ask(http.url, 'server/discover', {})).toMatchObject({
    capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } },
  });
});

it('orchestrate answers a client that declares tasks with a handle, and the handle follows the job to its result', async () => {
  const created = await orchestrate();
  expect(isCreateTaskResultV2(created)).toBe(true);
  const id = String(created.taskId);
  expect(created).toMatchObject({
    resultType: 'task',
    status: 'working',
    ttlMs: null,
    structuredContent: { job_id: id },
  });

  await move(id, 'start');
  const working = await task('tasks/get', id);
  expect(isDetailedTaskV2(working)).toBe(true);
  expect(working).toMatchObject({
    resultType: 'complete',
    taskId: id,
    status: 'working',
    statusMessage: 'running, 0/1 tasks done',
  });

  await move(id, 'attention');
  expect((await task('tasks/get', id)).statusMessage).toContain('Two sides of a conflict.');

  await move(id, 'finish');
  const completed = await task('tasks/get', id);
  expect(isDetailedTaskV2(completed)).toBe(true);
  const { resultType, _meta, ...result } = await ask(http.url, 'tools/call', {
    name: 'job_result',
    arguments: { job_id: id },
  });
  expect(resultType).toBe('complete');
  expect(completed).toMatchObject({ status: 'completed', result, lastUpdatedAt: '2026-01-02T03:04:06.000Z' });
});

it('a job that failed is a completed task with an error for its result, for `failed` is kept for the protocol', async () => {
  const { taskId } = await orchestrate();
  await move(taskId, 'failJob');
  expect(await task('tasks/get', String(taskId))).toMatchObject({
    status: 'completed',
    result: { isError: true, structuredContent: { status: 'failed' } },
  });
});

it('tasks/cancel cancels the job, and is acknowledged where there is nothing left to cancel', async () => {
  const { taskId } = await orchestrate();
  for (let times = 0; times < 2; times += 1)
    expect(await task('tasks/cancel', String(taskId))).toMatchObject({ resultType: 'complete' });
  const cancelled = await task('tasks/get', String(taskId));
  expect(isDetailedTaskV2(cancelled)).toBe(true);
  expect(cancelled).toMatchObject({ status: 'cancelled' });
});

it('tasks/update is acknowledged and changes nothing', async () => {
  const { taskId } = await orchestrate();
  expect(await task('tasks/update', String(taskId))).toMatchObject({ resultType: 'complete' });
  expect(await task('tasks/get', String(taskId))).toMatchObject({ status: 'working' });
});

it('a client that does not declare tasks on this very request gets the plain answer and no task methods', async () => {
  const plain = await orchestrate({}, {});
  expect(plain).toMatchObject({ resultType: 'complete', structuredContent: { status: 'submitted' } });
  expect(plain).not.toHaveProperty('taskId');
  const { job_id: taskId } = Object(plain.structuredContent);
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
    const { error } = await answerOf(await send(http.url, method, { taskId, inputResponses: {} }));
    expect(error).toMatchObject({
      code: -32021,
      data: { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
    });
  }
});

it('the 2025 era has no task methods and gets plain answers', async () => {
  const response = await fetch(http.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${AGENT}`,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tasks/get',
      params: { taskId: 'job_0000000000000001' },
    }),
  });
  expect((await answerOf(response)).error?.code).toBe(-32601);
});

it('an error of orchestrate stays an error, with no task', async () => {
  const failed = await orchestrate({ workspace: '' });
  expect(failed).toMatchObject({ isError: true, resultType: 'complete' });
  expect(failed).not.toHaveProperty('taskId');
});

it('a task id that is none is answered with -32602', async () => {
  for (const taskId of ['job_zzzzzzzzzzzzzzzz', 'nonsense', '../x']) {
    const { error } = await answerOf(await send(http.url, 'tasks/get', { taskId }, { capabilities }));
    expect(error?.code).toBe(-32602);
  }
});

it('abilities are read from whatever a client sends, and only from what it declares in the shape for it', () => {
  const elicitation = { form: false, url: false };
  const none = { tasks: false, apps: false, elicitation };
  for (const declared of [undefined, null, 7, [], { extensions: 7 }, { extensions: null }])
    expect(abilitiesIn(declared)).toEqual(none);
  for (const tasks of [null, true, { ttl: 1 }])
    expect(abilitiesIn({ extensions: { 'io.modelcontextprotocol/tasks': tasks } })).toEqual(none);
  expect(
    abilitiesIn({
      extensions: {
        'io.modelcontextprotocol/tasks': {},
        'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] },
      },
    }),
  ).toEqual({ tasks: true, apps: true, elicitation });
  // Without a mode it is a form: there was no other when the capability was new.
  for (const [declared, can] of [
    [{}, { form: true, url: false }],
    [{ form: {} }, { form: true, url: false }],
    [{ url: {} }, { form: false, url: true }],
    [
      { form: {}, url: {} },
      { form: true, url: true },
    ],
    [true, elicitation],
  ] as const)
    expect(abilitiesIn({ elicitation: declared }).elicitation).toEqual(can);
});
