import type { ClientCapabilities } from '@modelcontextprotocol/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startMcpHttp } from '../../support/mcp/httpServer.ts';
import { ask as askModern } from '../../support/mcp/httpWire.ts';
import { connectAskable, type SessionClient } from '../../support/mcp/sessionClient.ts';

const COMMAND = 'rm -rf fixtures/old';
const FIRST = 'apr_0000000000000001';
const SECOND = 'apr_0000000000000002';

type Choice = 'deny_only' | 'approve_high';
type Can = ClientCapabilities['elicitation'];

/** A client with a session, and a job of its own. */
const prepared = async (o: { readonly elicitation?: Choice; readonly can?: Can } = {}) => {
  const http = await startMcpHttp(o.elicitation === undefined ? {} : { elicitation: o.elicitation });
  onTestFinished(() => http.close());
  const connect = async (can?: Can): Promise<SessionClient> => {
    const client = await connectAskable(http.url, can === undefined ? {} : { elicitation: can });
    onTestFinished(() => client.vanish());
    return client;
  };
  const client = await connect(o.can);
  const job_id = await client.start();
  /** Another client of the same principal, without a session. */
  const aside = (name: string, args: object) => askModern(http.url, 'tools/call', { name, arguments: args });
  const waits = (command = COMMAND) => client.move(job_id, `ask ${command}`);
  const wait = (seconds = 45) => client.call('job_wait', { job_id, wait_seconds: seconds });
  const left = async () => (await client.call('job_status', { job_id })).structuredContent?.approvals;
  return { http, client, connect, job_id, aside, waits, wait, left };
};

const accept = (decision: string, reason = '') => ({
  action: 'accept' as const,
  content: { decision, ...(reason === '' ? {} : { reason }) },
});

describe('a 2025 client over HTTP that can ask its person', () => {
  it('is asked on the stream of its held call, and its denial counts as one by elicitation', async () => {
    const { client, job_id, wait, waits, left } = await prepared();
    await waits();
    const held = wait();
    const question = await client.asked();
    expect(question.requestedSchema?.properties.decision.enum).toEqual(['leave_open', 'deny']);
    for (const words of [COMMAND, '/w/tree', 'HIGH', 'It deletes tracked files.'])
      expect(question.message).toContain(words);
    question.answer(accept('deny', 'Still used.'));
    await expect.poll(left).toBeUndefined();
    await client.move(job_id, 'finish');
    expect((await held).structuredContent).toMatchObject({ status: 'succeeded' });
    const again = await client.call('approve_operation', { approval_id: FIRST, decision: 'deny' });
    expect(JSON.stringify(again.content)).toContain('denied already');
  });

  it('is asked when the call begins to wait only later, in job_wait and in orchestrate', async () => {
    const { client, job_id, waits, wait, http } = await prepared();
    const held = wait();
    await waits();
    (await client.asked()).answer(accept('deny'));
    await client.move(job_id, 'finish');
    expect((await held).structuredContent).toMatchObject({ status: 'succeeded' });

    const started = client.call('orchestrate', { request: 'More', workspace: '/w', wait_seconds: 45 });
    await expect.poll(async () => (await http.orchestrator.list({ limit: 10 })).views.length).toBe(2);
    const second = 'job_0000000000000002';
    await client.move(second, `ask ${COMMAND}`);
    (await client.asked()).answer(accept('deny'));
    await client.move(second, 'finish');
    expect((await started).structuredContent).toMatchObject({ job_id: second, status: 'succeeded' });
  });

  it('approves by its form where the person chose approve_high', async () => {
    const { client, wait, waits, left } = await prepared({ elicitation: 'approve_high' });
    await waits();
    const held = wait(20);
    const question = await client.asked();
    expect(question.requestedSchema?.properties.decision.enum).toEqual(['approve', 'deny']);
    question.answer(accept('approve'));
    await expect.poll(left).toBeUndefined();
    const again = await client.call('approve_operation', { approval_id: FIRST, decision: 'deny' });
    expect(JSON.stringify(again.content)).toContain('approved already');
    await client.move('job_0000000000000001', 'finish');
    await held;
  });

  it('approves nothing by its form where the person chose nothing, whatever it answers', async () => {
    const { client, wait, waits } = await prepared();
    await waits();
    const held = wait();
    (await client.asked()).answer(accept('approve'));
    const { content, structuredContent } = await held;
    expect(structuredContent).toMatchObject({ approvals: { open: 1, first: { approval_id: FIRST } } });
    expect(JSON.stringify(content)).toContain("The form's answer was not taken");
  });

  it.each([
    ['cancels', { action: 'cancel' as const }],
    ['declines', { action: 'decline' as const }],
    ['leaves it open', accept('leave_open')],
  ])('decides nothing when its person %s, and is not asked a second time', async (_word, answer) => {
    const { client, wait, waits } = await prepared();
    await waits();
    const held = wait();
    (await client.asked()).answer(answer);
    expect((await held).structuredContent).toMatchObject({ approvals: { open: 1 } });
    expect((await wait()).structuredContent).toMatchObject({ approvals: { open: 1 } });
    expect(client.count()).toBe(1);
  });

  it('is given the page where it can open one, and its wait goes on until it is decided there', async () => {
    const { client, job_id, wait, waits, aside, http } = await prepared({ can: { url: {} } });
    await waits();
    const held = wait();
    const question = await client.asked();
    expect(question).toMatchObject({ mode: 'url', url: `${new URL(http.url).origin}/approvals/${FIRST}` });
    question.answer({ action: 'accept' });
    await aside('approve_operation', { approval_id: FIRST, decision: 'deny' });
    await client.move(job_id, 'finish');
    expect((await held).structuredContent).toMatchObject({ status: 'succeeded' });
  });

  it('may answer after its call is over', async () => {
    const { client, wait, waits, left } = await prepared();
    await waits();
    const held = wait(0);
    const question = await client.asked();
    expect(JSON.stringify((await held).content)).toContain('being asked by a form');
    question.answer(accept('deny'));
    await expect.poll(left).toBeUndefined();
  });

  it.each([
    ['while its call is held', 45],
    ['after its call is over', 0],
  ])('has its question taken back when somebody else decided, %s', async (_when, seconds) => {
    const { client, job_id, wait, waits, aside } = await prepared();
    await waits();
    const held = wait(seconds);
    const question = await client.asked();
    if (seconds === 0) await held;
    const withdrawn = new Promise<void>((resolve) => {
      question.withdrawn.addEventListener('abort', () => resolve());
    });
    await aside('approve_operation', { approval_id: FIRST, decision: 'deny' });
    await withdrawn;
    await client.move(job_id, 'finish');
    await held;
  });

  it('loses its question and not the job when it is gone, and is asked anew when it comes back', async () => {
    const { client, connect, job_id, wait, waits } = await prepared();
    await waits();
    const held = wait().catch(() => 'gone');
    const lost = await client.asked();
    await client.vanish();
    expect(await held).toBe('gone');
    lost.answer(accept('deny'));

    const back = await connect();
    expect(back.sessionId).not.toBe(client.sessionId);
    const status = await back.call('job_status', { job_id });
    expect(status.structuredContent).toMatchObject({ status: 'running', approvals: { open: 1 } });
    const again = back.call('job_wait', { job_id, wait_seconds: 45 });
    (await back.asked()).answer(accept('deny'));
    await back.move(job_id, 'finish');
    expect((await again).structuredContent).toMatchObject({ status: 'succeeded' });
  });

  it('is asked beside another session of the same principal, and the first answer is the one', async () => {
    const { client, connect, job_id, wait, waits } = await prepared();
    const other = await connect();
    await waits();
    const [hers, his] = [wait(), other.call('job_wait', { job_id, wait_seconds: 45 })];
    const [mine, theirs] = [await client.asked(), await other.asked()];
    const withdrawn = new Promise<void>((resolve) => {
      theirs.withdrawn.addEventListener('abort', () => resolve());
    });
    mine.answer(accept('deny', 'First.'));
    await withdrawn;
    theirs.answer(accept('deny', 'Second.'));
    await client.move(job_id, 'finish');
    for (const held of [hers, his])
      expect((await held).structuredContent).toMatchObject({ status: 'succeeded' });
    const { structuredContent } = await client.call('list_approvals', { job_id });
    expect(structuredContent).toMatchObject({ approvals: [] });
  });
});

describe('of several calls that wait', () => {
  it('each is asked about within the same held call, the next oldest when one was decided or left open', async () => {
    const { client, job_id, wait, waits } = await prepared();
    for (const command of ['rm one', 'rm two', 'rm three']) await waits(command);
    const held = wait();
    const first = await client.asked();
    expect(first.message).toContain('rm one');
    expect(client.count()).toBe(1);
    first.answer(accept('deny'));
    const second = await client.asked();
    expect(second.message).toContain('rm two');
    second.answer(accept('leave_open'));
    const third = await client.asked();
    expect(third.message).toContain('rm three');
    third.answer(accept('deny'));
    expect((await held).structuredContent).toMatchObject({
      job_id,
      approvals: { open: 1, first: { approval_id: SECOND } },
    });
    expect((await wait()).structuredContent).toMatchObject({ approvals: { open: 1 } });
    expect(client.count()).toBe(3);
  });

  it('two calls that are held at once show one question at a time', async () => {
    const { client, job_id, wait, waits } = await prepared();
    for (const command of ['rm one', 'rm two']) await waits(command);
    const held = [wait(), wait()];
    const first = await client.asked();
    await client.call('job_status', { job_id });
    expect(client.count()).toBe(1);
    first.answer(accept('deny'));
    (await client.asked()).answer(accept('deny'));
    await client.move(job_id, 'finish');
    for (const one of held) expect((await one).structuredContent).toMatchObject({ status: 'succeeded' });
  });

  it('more than a page of them are asked about oldest first', async () => {
    const { client, wait, waits } = await prepared();
    for (let n = 1; n <= 60; n += 1) await waits(`rm ${n};`);
    const held = wait();
    for (let n = 1; n <= 60; n += 1) {
      const question = await client.asked();
      expect(question.message).toContain(`rm ${n};`);
      question.answer({ action: 'cancel' });
    }
    expect((await held).structuredContent).toMatchObject({ approvals: { open: 60 } });
  });

  it('a 2026 client is asked about the next when it calls again with an answer, by call and by task', async () => {
    const { http, job_id, waits } = await prepared();
    for (const command of ['rm one', 'rm two', 'rm three']) await waits(command);
    const can = { elicitation: { form: {} }, extensions: { 'io.modelcontextprotocol/tasks': {} } };
    const call = (more: object = {}) =>
      askModern(
        http.url,
        'tools/call',
        { name: 'job_wait', arguments: { job_id, wait_seconds: 0 }, ...more },
        { capabilities: can },
      );
    expect(Object.keys(Object((await call()).inputRequests))).toEqual([FIRST]);
    const next = await call({ inputResponses: { [FIRST]: { action: 'cancel' } } });
    expect(Object.keys(Object(next.inputRequests))).toEqual([SECOND]);
    const task = (method: string, more: object = {}) =>
      askModern(http.url, method, { taskId: job_id, ...more }, { capabilities: can });
    // Asked by the call already, but not answered: the task shows it still.
    expect(Object.keys(Object((await task('tasks/get')).inputRequests))).toEqual([SECOND]);
    await task('tasks/update', { inputResponses: { [SECOND]: accept('deny') } });
    const third = await task('tasks/get');
    expect(third).toMatchObject({ status: 'input_required' });
    expect(Object.keys(Object(third.inputRequests))).toEqual(['apr_0000000000000003']);
  });
});
