import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { startMcpHttp } from '../../support/mcp/httpServer.ts';
import { ask } from '../../support/mcp/httpWire.ts';
import {
  askAbout,
  type RawClient,
  type RawMessage,
  startInitialized,
  startJob,
} from '../../support/mcp/rawClient.ts';

const APPROVAL = 'apr_0000000000000001';
const COMMAND = 'rm -rf fixtures/old';

const started = async (
  args: readonly string[],
  capabilities: Record<string, unknown>,
): Promise<{ client: RawClient; job_id: string }> => {
  const client = await startInitialized(args, capabilities);
  onTestFinished(async () => {
    await client.end();
  });
  const job_id = await startJob(client);
  return { client, job_id };
};

let waits = 0;
/** Sends a wait and gives the id of its request. */
const wait = async (client: RawClient, job_id: string, seconds = 45): Promise<string> => {
  waits += 1;
  const id = `wait-${waits}`;
  const params = { name: 'job_wait', arguments: { job_id, wait_seconds: seconds } };
  await client.send({ jsonrpc: '2.0', id, method: 'tools/call', params });
  return id;
};
const isQuestion = ({ method }: RawMessage): boolean => method === 'elicitation/create';
const question = (client: RawClient): Promise<RawMessage> => client.expect(isQuestion);
const reply = (client: RawClient, { id }: RawMessage, result: object): Promise<void> =>
  client.send({ jsonrpc: '2.0', id, result });
const answered = async (client: RawClient, id: string): Promise<Record<string, unknown>> =>
  (await client.expect((message) => message.id === id)).result ?? {};
const questions = (client: RawClient): number => client.messages.filter(isQuestion).length;
const statusOf = async (client: RawClient, job_id: string): Promise<unknown> =>
  (await client.call('job_status', { job_id })).result?.structuredContent;
/** Resolves once nothing of the job waits any more. */
const decided = (client: RawClient, job_id: string): Promise<void> =>
  expect.poll(() => statusOf(client, job_id)).not.toHaveProperty('approvals');

describe('a 2025 client with a form, over stdio', () => {
  it('is shown command, folder, risk and reason, and its denial counts as one by elicitation', async () => {
    const { client, job_id } = await started([], { elicitation: {} });
    await askAbout(client, job_id, COMMAND);
    const id = await wait(client, job_id);
    const asked = await question(client);
    expect(asked.params).toMatchObject({
      mode: 'form',
      requestedSchema: { properties: { decision: { enum: ['leave_open', 'deny'] } } },
    });
    for (const words of [COMMAND, '/w/tree', 'HIGH', 'It deletes tracked files.'])
      expect(String(asked.params?.message)).toContain(words);
    await reply(client, asked, { action: 'accept', content: { decision: 'deny', reason: 'Still used.' } });
    await decided(client, job_id);
    await client.call('job_steer', { job_id, task_id: 't1', action: 'message', message: 'finish' });
    expect((await answered(client, id)).structuredContent).toMatchObject({ status: 'succeeded' });
    const again = await client.call('approve_operation', {
      approval_id: 'apr_0000000000000001',
      decision: 'approve',
    });
    expect(again.result).toMatchObject({ isError: true, structuredContent: { code: 'CONFLICT' } });
  });

  it.each([
    ['cancels', { action: 'cancel' }],
    ['declines', { action: 'decline' }],
    ['leaves it open', { action: 'accept', content: { decision: 'leave_open' } }],
    ['answers what was not asked', { action: 'accept', content: { decision: 'sudo' } }],
  ])('decides nothing when its person %s, and is not asked a second time', async (_word, result) => {
    const { client, job_id } = await started([], { elicitation: {} });
    await askAbout(client, job_id, COMMAND);
    const id = await wait(client, job_id);
    await reply(client, await question(client), result);
    expect((await answered(client, id)).structuredContent).toMatchObject({ approvals: { open: 1 } });
    const later = await wait(client, job_id);
    expect((await answered(client, later)).structuredContent).toMatchObject({ approvals: { open: 1 } });
    expect(questions(client)).toBe(1);
  });

  it('cannot approve by its form where the person chose nothing, whatever it answers', async () => {
    const { client, job_id } = await started([], { elicitation: {} });
    await askAbout(client, job_id, COMMAND);
    const id = await wait(client, job_id);
    await reply(client, await question(client), { action: 'accept', content: { decision: 'approve' } });
    expect(await answered(client, id)).toMatchObject({ structuredContent: { approvals: { open: 1 } } });
    expect(await statusOf(client, job_id)).toMatchObject({ approvals: { open: 1 } });
  });

  it('approves by its form where the person chose approve_high', async () => {
    const { client, job_id } = await started(['approve_high'], { elicitation: { form: {} } });
    await askAbout(client, job_id, COMMAND);
    const id = await wait(client, job_id);
    const asked = await question(client);
    expect(asked.params).toMatchObject({
      requestedSchema: { properties: { decision: { enum: ['approve', 'deny'] } } },
    });
    await reply(client, asked, { action: 'accept', content: { decision: 'approve' } });
    await decided(client, job_id);
    const again = await client.call('approve_operation', { approval_id: APPROVAL, decision: 'deny' });
    expect(JSON.stringify(again.result)).toContain('approved already');
    await client.call('job_steer', { job_id, task_id: 't1', action: 'message', message: 'finish' });
    expect((await answered(client, id)).structuredContent).toMatchObject({ status: 'succeeded' });
  });

  it('may answer after the call is over, and its question is taken back when another has decided', async () => {
    const { client, job_id } = await started([], { elicitation: {} });
    await askAbout(client, job_id, COMMAND);
    const id = await wait(client, job_id, 0);
    const asked = await question(client);
    expect(JSON.stringify(await answered(client, id))).toContain('being asked by a form');
    await client.call('approve_operation', { approval_id: 'apr_0000000000000001', decision: 'deny' });
    const taken = await client.expect(({ method }) => method === 'notifications/cancelled');
    expect(taken.params?.requestId).toBe(asked.id);
  });
});

describe('a 2025 client that opens pages', () => {
  it('is given the page of the approval, and the wait goes on until it is decided there', async () => {
    const { client, job_id } = await started(['page'], { elicitation: { url: {} } });
    await askAbout(client, job_id, COMMAND);
    const id = await wait(client, job_id);
    const asked = await question(client);
    expect(asked.params).toMatchObject({
      mode: 'url',
      url: 'http://localhost:7777/approvals/apr_0000000000000001',
    });
    await reply(client, asked, { action: 'accept' });
    await client.call('approve_operation', { approval_id: 'apr_0000000000000001', decision: 'deny' });
    await client.call('job_steer', { job_id, task_id: 't1', action: 'message', message: 'finish' });
    expect((await answered(client, id)).structuredContent).toMatchObject({ status: 'succeeded' });
  });
});

it('a client that cannot put questions gets none, and the answer at once', async () => {
  const { client, job_id } = await started([], {});
  await askAbout(client, job_id, COMMAND);
  const id = await wait(client, job_id);
  expect((await answered(client, id)).structuredContent).toMatchObject({ approvals: { open: 1 } });
  expect(questions(client)).toBe(0);
});

const jobShape = z.looseObject({ structuredContent: z.looseObject({ job_id: z.string() }) });

describe('a 2026 client over HTTP', () => {
  const capabilities = { elicitation: { form: {} } };
  const prepared = async (elicitation: 'deny_only' | 'approve_high' = 'deny_only') => {
    const http = await startMcpHttp({ elicitation });
    onTestFinished(() => http.close());
    const call = (name: string, args: object, more: object = {}, can: object = capabilities) =>
      ask(http.url, 'tools/call', { name, arguments: args, ...more }, { capabilities: { ...can } });
    const made = jobShape.parse(await call('orchestrate', { request: 'Mend it', workspace: '/w' }));
    const { job_id } = made.structuredContent;
    const steer = (message: string) =>
      call('job_steer', { job_id, task_id: 't1', action: 'message', message });
    return { http, call, job_id, steer };
  };
  const key = 'apr_0000000000000001';

  it('is answered by the question, and by the job when it calls again with what its person said', async () => {
    const { call, job_id, steer } = await prepared();
    await steer(`ask ${COMMAND}`);
    const asked = await call('job_wait', { job_id, wait_seconds: 45 });
    expect(asked).toMatchObject({
      resultType: 'input_required',
      inputRequests: { [key]: { method: 'elicitation/create', params: { mode: 'form' } } },
    });
    const inputResponses = { [key]: { action: 'accept', content: { decision: 'deny', reason: 'No.' } } };
    const done = await call(
      'job_wait',
      { job_id, wait_seconds: 0 },
      { inputResponses, requestState: asked.requestState },
    );
    expect(done.structuredContent).not.toHaveProperty('approvals');
  });

  it('is asked once: a cancelled form decides nothing and does not come again', async () => {
    const { call, job_id, steer } = await prepared();
    await steer(`ask ${COMMAND}`);
    await call('job_wait', { job_id });
    const inputResponses = { [key]: { action: 'cancel' } };
    for (const more of [{ inputResponses }, {}])
      expect(await call('job_wait', { job_id }, more)).toMatchObject({
        resultType: 'complete',
        structuredContent: { approvals: { open: 1 } },
      });
  });

  it('cannot answer what it was not asked, and what it answers approves nothing by itself', async () => {
    const { call, job_id, steer } = await prepared();
    await steer(`ask ${COMMAND}`);
    const inputResponses = { [key]: { action: 'accept', content: { decision: 'deny' } } };
    // Sent ahead of the question: it is no answer to it.
    expect(await call('job_wait', { job_id }, { inputResponses })).toMatchObject({
      resultType: 'input_required',
    });
    const approve = { [key]: { action: 'accept', content: { decision: 'approve' } } };
    const refused = await call('job_wait', { job_id }, { inputResponses: approve });
    expect(refused.structuredContent).toMatchObject({ approvals: { open: 1 } });
    expect(JSON.stringify(refused.content)).toContain("The form's answer was not taken");
  });

  it('does not start a second job when orchestrate is called again with an answer', async () => {
    const { http, call } = await prepared();
    const args = { request: 'Once', workspace: '/w', wait_seconds: 20 };
    const first = call('orchestrate', args);
    // The new job is there as soon as it is listed; then its worker waits.
    const id = 'job_0000000000000002';
    while ((await http.orchestrator.list({ limit: 10 })).views.length < 2) await new Promise(setImmediate);
    await call('job_steer', { job_id: id, task_id: 't1', action: 'message', message: `ask ${COMMAND}` });
    const asked = await first;
    expect(asked).toMatchObject({ resultType: 'input_required', requestState: id });
    const inputResponses = { [key]: { action: 'cancel' } };
    const second = await call('orchestrate', args, { inputResponses, requestState: asked.requestState });
    expect(second.structuredContent).toMatchObject({ job_id: id });
    expect((await http.orchestrator.list({ limit: 10 })).views).toHaveLength(2);
  });

  it('that takes tasks sees input_required with the question, and answers by tasks/update', async () => {
    const { http, job_id, steer } = await prepared('approve_high');
    await steer(`ask ${COMMAND}`);
    const can = { ...capabilities, extensions: { 'io.modelcontextprotocol/tasks': {} } };
    const task = (method: string, more: object = {}) =>
      ask(http.url, method, { taskId: job_id, ...more }, { capabilities: can });
    expect(await task('tasks/get')).toMatchObject({
      status: 'input_required',
      inputRequests: { [key]: { method: 'elicitation/create' } },
    });
    await task('tasks/update', {
      inputResponses: { [key]: { action: 'accept', content: { decision: 'approve' } } },
    });
    expect(await task('tasks/get')).toMatchObject({ status: 'working' });
  });
});
