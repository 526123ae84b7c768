import { describe, expect, it, onTestFinished } from 'vitest';
import { principalIdSchema } from '../../../src/domain/principal.ts';
import { systemClock } from '../../../src/infrastructure/system/systemClock.ts';
import { AGENT, type McpHttpOptions, startMcpHttp } from '../../support/mcp/httpServer.ts';
import { answerOf, modernRequest } from '../../support/mcp/httpWire.ts';
import { bodiless, initialize, openSession, post, reader, toolCall } from '../../support/mcp/sessionWire.ts';

const FIRST = 'apr_0000000000000001';
const DENY = { action: 'accept', content: { decision: 'deny' } };
const DAY = 24 * 3_600_000;

const started = async (o: McpHttpOptions = {}) => {
  const http = await startMcpHttp(o);
  onTestFinished(() => http.close());
  const { url } = http;
  const alive = async (session: string, token = AGENT): Promise<boolean> =>
    (await post(url, { id: 'ping', method: 'ping' }, { session, token })).status === 200;
  const call = async (name: string, args: object, token = AGENT) =>
    (await answerOf(await post(url, toolCall('aside', name, args), { token }))).result ?? {};
  const openApprovals = async (job_id: string, token = AGENT): Promise<number> => {
    const { approvals } = Object(await call('list_approvals', { job_id }, token)).structuredContent;
    return approvals.length;
  };
  /** A job one of whose calls waits. */
  const waiting = async (token = AGENT): Promise<string> => {
    const made = Object(await call('orchestrate', { request: 'Mend it', workspace: '/w' }, token));
    const { job_id } = made.structuredContent;
    await call('job_steer', { job_id, task_id: 't1', action: 'message', message: 'ask rm -rf old' }, token);
    return job_id;
  };
  /** Holds a call in a session until its question is there. */
  const asked = async (session: string, job_id: string, id: number | string = 'held') => {
    const held = await post(url, toolCall(id, 'job_wait', { job_id, wait_seconds: 45 }), { session });
    const stream = reader(held);
    const question = await stream.next();
    expect(question?.method).toBe('elicitation/create');
    return { stream, question: question?.id };
  };
  return { http, url, alive, call, openApprovals, waiting, asked };
};

describe('a session over HTTP', () => {
  it('is given to clients that can ask their person, and to no other', async () => {
    const { url } = await started();
    for (const [capabilities, given] of [
      [{ elicitation: {} }, true],
      [{ elicitation: { form: {} } }, true],
      [{ elicitation: { url: {} } }, true],
      [{}, false],
      [{ sampling: {}, roots: {} }, false],
      [{ elicitation: null }, false],
      [{ elicitation: 'yes' }, false],
    ] as const) {
      const response = await post(url, initialize(capabilities));
      expect(response.headers.get('mcp-session-id') !== null, JSON.stringify(capabilities)).toBe(given);
    }
  });

  it('belongs to the principal that opened it: for any other it is one that there is not', async () => {
    const { url, alive, waiting, asked, openApprovals } = await started();
    const session = await openSession(url);
    const { question } = await asked(session, await waiting());
    const refusals = await Promise.all(
      [
        { session, token: 'ben' },
        { session: 'f0f0f0f0-0000-4000-8000-000000000000', token: 'ben' },
        { session: '../../etc/passwd' },
        { session: '' },
        { session: 'x'.repeat(5000) },
      ].map(async (sent) => {
        const response = await post(url, { id: 7, method: 'tools/list' }, sent);
        return [response.status, await response.text()];
      }),
    );
    expect(new Set(refusals.map(String)).size).toBe(1);
    expect(refusals[0]?.[0]).toBe(404);
    expect(String(refusals[0]?.[1])).toContain('initialize');
    for (const method of ['GET', 'DELETE'] as const)
      expect((await bodiless(url, method, { session, token: 'ben' })).status).toBe(404);
    expect((await post(url, { id: question, result: DENY }, { session, token: 'ben' })).status).toBe(404);
    expect(await alive(session)).toBe(true);
    expect(await openApprovals('job_0000000000000001')).toBe(1);
  });

  it('has its own questions: an answer that nobody asked for, from elsewhere, or a second one does nothing', async () => {
    const { url, waiting, asked, openApprovals, call } = await started();
    const [session, other] = [await openSession(url), await openSession(url)];
    const job_id = await waiting();
    // Ahead of the question, with the id that it will have.
    for (const id of [0, 1, '0', FIRST]) await post(url, { id, result: DENY }, { session });
    const { stream, question } = await asked(session, job_id);
    // From another session of the same principal, from none, and with an id that is only like the question's.
    await post(url, { id: question, result: DENY }, { session: other });
    await post(url, { id: question, result: DENY });
    await post(url, { id: `${question}`, result: DENY }, { session });
    await post(url, { id: Number(question) + 1, result: DENY }, { session });
    expect(await openApprovals(job_id)).toBe(1);

    expect((await post(url, { id: question, result: { action: 'cancel' } }, { session })).status).toBe(202);
    expect(JSON.stringify(await stream.next())).toContain('"open":1');
    // It was cancelled: to deny it now is an answer to nothing.
    expect((await post(url, { id: question, result: DENY }, { session })).status).toBe(202);
    expect(await openApprovals(job_id)).toBe(1);
    const status = Object(await call('job_status', { job_id })).structuredContent;
    expect(status).toMatchObject({ status: 'running', approvals: { first: { approval_id: FIRST } } });
  });

  it('ends by DELETE: its held call, its question and its id are gone, and no job is', async () => {
    const { url, alive, waiting, asked, openApprovals } = await started();
    const session = await openSession(url);
    const job_id = await waiting();
    const { stream } = await asked(session, job_id);
    expect((await bodiless(url, 'DELETE', { session })).status).toBe(200);
    expect(await stream.next()).toBeUndefined();
    expect(await alive(session)).toBe(false);
    expect((await bodiless(url, 'DELETE', { session })).status).toBe(404);
    expect(await openApprovals(job_id)).toBe(1);
  });

  it('ends with the server, and with the key that opened it', async () => {
    const { http, url, alive, waiting, asked } = await started();
    const [hers, his] = [await openSession(url), await openSession(url, { token: 'ben' })];
    const { stream } = await asked(hers, await waiting());
    const own = await bodiless(url, 'GET', { session: his, token: 'ben' });
    http.streams.endOf(principalIdSchema.parse('key:ben'));
    expect(await own.text()).not.toContain('data:');
    expect([await alive(hers), await alive(his, 'ben')]).toEqual([true, false]);
    http.streams.endAll();
    expect(await stream.next()).toBeUndefined();
    expect(await alive(hers)).toBe(false);
    expect(http.streams.count()).toBe(0);
  });

  it('ends when nothing was sent or open for its time, by the clock that was given', async () => {
    let now = Date.UTC(2026, 0, 1);
    const { http, url, alive } = await started({ clock: { ...systemClock, now: () => now } });
    const [idle, used, listening] = [await openSession(url), await openSession(url), await openSession(url)];
    const gone = new AbortController();
    await bodiless(url, 'GET', { session: listening, signal: gone.signal });
    now += DAY - 1;
    expect(await alive(used)).toBe(true);
    now += 1;
    expect([await alive(idle), await alive(used), await alive(listening)]).toEqual([false, true, true]);
    now += DAY - 1;
    gone.abort();
    await expect.poll(() => http.streams.count()).toBe(0);
    // Its stream was open until now: the time begins with its end at the earliest.
    expect(await alive(listening)).toBe(true);
    now += DAY;
    expect(await alive(listening)).toBe(false);
  });

  it('is one of few: the longest idle one of the same principal goes, none that is in use and no other one', async () => {
    const sessions = { ofPrincipal: 3, inAll: 5, idleMs: DAY };
    const { url, alive, waiting, asked } = await started({ sessions });
    const anna = [await openSession(url), await openSession(url), await openSession(url)];
    const [first = '', second = '', third = ''] = anna;
    await asked(first, await waiting());
    await alive(second);
    const fourth = await openSession(url);
    expect(await Promise.all([first, second, third, fourth].map((each) => alive(each)))).toEqual([
      true,
      true,
      false,
      true,
    ]);
    // Where each of its own is in use, the next client is served without one.
    for (const busy of [second, fourth]) await bodiless(url, 'GET', { session: busy });
    expect((await post(url, initialize({ elicitation: {} }))).headers.get('mcp-session-id')).toBeNull();

    const ben = [await openSession(url, { token: 'ben' }), await openSession(url, { token: 'ben' })];
    // All five are taken. Whoever has none is served all the same, and not asked.
    const carl = await post(url, initialize({ elicitation: {} }), { token: 'carl' });
    expect(carl.headers.get('mcp-session-id')).toBeNull();
    expect((await answerOf(carl)).result).toMatchObject({ serverInfo: { name: 'claude-orchestrator' } });
    // Whoever has one gives up its own.
    const again = await openSession(url, { token: 'ben' });
    expect(await Promise.all([...ben, again].map((each) => alive(each, 'ben')))).toEqual([false, true, true]);
    expect(await Promise.all([first, second, fourth].map((each) => alive(each)))).toEqual([true, true, true]);
  });

  it('is not left behind by a handshake that is refused', async () => {
    const sessions = { ofPrincipal: 1, inAll: 1, idleMs: DAY };
    const { url, alive } = await started({ sessions });
    const bad = { id: 1, method: 'initialize', params: { capabilities: { elicitation: {} } } };
    expect((await post(url, bad)).status).toBeGreaterThanOrEqual(400);
    // Another principal finds the only place free.
    expect(await alive(await openSession(url, { token: 'ben' }), 'ben')).toBe(true);
  });
});

describe('inside a session', () => {
  it('an id that is in use is refused, and the call that has it goes on', async () => {
    const { url, waiting, asked, call } = await started();
    const session = await openSession(url);
    const job_id = await waiting();
    const { stream } = await asked(session, job_id, 5);
    const twice = await post(url, { id: 5, method: 'ping' }, { session });
    expect([twice.status, (await answerOf(twice)).error?.code]).toEqual([400, -32600]);
    await call('approve_operation', { approval_id: FIRST, decision: 'deny' });
    await call('job_steer', { job_id, task_id: 't1', action: 'message', message: 'finish' });
    expect((await stream.next())?.method).toBe('notifications/cancelled');
    expect(await stream.next()).toMatchObject({ id: 5, result: { structuredContent: { job_id } } });
    expect(await stream.next()).toBeUndefined();
  });

  it('a call that is taken back ends its stream, and its id is free again', async () => {
    const { url, waiting, asked } = await started();
    const session = await openSession(url);
    const { stream } = await asked(session, await waiting(), 9);
    const cancelled = { method: 'notifications/cancelled', params: { requestId: 9 } };
    expect((await post(url, cancelled, { session })).status).toBe(202);
    expect(await stream.next()).toBeUndefined();
    expect(await answerOf(await post(url, { id: 9, method: 'ping' }, { session }))).toMatchObject({
      result: {},
    });
  });

  it('a request that is refused for its header leaves its id free', async () => {
    const { url } = await started();
    const session = await openSession(url);
    const headers = { 'mcp-protocol-version': '1999-01-01', 'mcp-session-id': session };
    const bad = await fetch(url, {
      method: 'POST',
      headers: {
        ...headers,
        authorization: `Bearer ${AGENT}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'ping' }),
    });
    expect(bad.status).toBe(400);
    expect((await post(url, { id: 3, method: 'ping' }, { session })).status).toBe(200);
  });

  it("the client's own stream is one, is counted while it is open, and tells what it follows", async () => {
    const { http, url, waiting, call } = await started({ heartbeatMs: 5 });
    const session = await openSession(url);
    const gone = new AbortController();
    const response = await bodiless(url, 'GET', { session, signal: gone.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect((await bodiless(url, 'GET', { session })).status).toBe(409);
    expect(http.streams.count()).toBe(1);
    const own = reader(response);
    const job_id = await waiting();
    const follow = { id: 1, method: 'resources/subscribe', params: { uri: `job://${job_id}` } };
    expect(await answerOf(await post(url, follow, { session }))).toMatchObject({ result: {} });
    await call('job_steer', { job_id, task_id: 't1', action: 'message', message: 'start' });
    expect(await own.next()).toMatchObject({
      method: 'notifications/resources/updated',
      params: { uri: `job://${job_id}` },
    });
    gone.abort();
    await expect.poll(() => http.streams.count()).toBe(0);
    expect((await bodiless(url, 'GET', { session })).status).toBe(200);
  });

  it("the client's own stream ends once its credential is good no more", async () => {
    const spent = new Set<string>();
    const { http, url } = await started({ heartbeatMs: 5, spent });
    const session = await openSession(url, { token: 'carl' });
    const response = await bodiless(url, 'GET', { session, token: 'carl' });
    spent.add('carl');
    await response.text();
    expect(http.streams.count()).toBe(0);
    expect((await post(url, { id: 1, method: 'ping' }, { session, token: 'carl' })).status).toBe(401);
  });

  it('another job of the principal is seen, and that of another principal is not', async () => {
    const { url, waiting } = await started();
    const session = await openSession(url, { token: 'ben' });
    const hers = await waiting();
    const status = await post(url, toolCall(1, 'job_status', { job_id: hers }), { session, token: 'ben' });
    expect((await answerOf(status)).result).toMatchObject({
      isError: true,
      structuredContent: { code: 'JOB_NOT_FOUND' },
    });
  });

  it('the 2026 era knows no sessions: the header says nothing there', async () => {
    const { url } = await started();
    const { headers, body } = modernRequest('tools/list', {});
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${AGENT}`, 'mcp-session-id': 'no-such-session' },
      body,
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('mcp-session-id')).toBeNull();
  });
});
