import { afterAll, beforeAll, expect, it } from 'vitest';
import { type McpOverHttp, startMcpHttp } from '../../support/mcp/httpServer.ts';
import { answerOf, ask, type Rpc, send, streamed, TASKS } from '../../support/mcp/httpWire.ts';

let http: McpOverHttp;
const spent = new Set<string>();
beforeAll(async () => {
  http = await startMcpHttp({ streams: 2, spent, heartbeatMs: 5 });
});
afterAll(() => http.close());

type Call = Record<string, unknown> & { readonly structuredContent?: Record<string, unknown> };

const call = async (token: string, name: string, args: object): Promise<Call> =>
  ask(http.url, 'tools/call', { name, arguments: args }, { token });
const start = async (token: string): Promise<string> => {
  const { structuredContent } = await call(token, 'orchestrate', { request: 'Mend it', workspace: '/w' });
  return String(structuredContent?.job_id);
};
const move = (token: string, job_id: string, message: string): Promise<Call> =>
  call(token, 'job_steer', { job_id, task_id: 't1', action: 'message', message });

/** Opens a stream, reads its acknowledgement and hands out the rest. */
const listen = async (
  token: string,
  notifications: Record<string, unknown>,
): Promise<{ next: () => Promise<Rpc>; acknowledged: unknown; close: () => void }> => {
  const abort = new AbortController();
  const response = await send(
    http.url,
    'subscriptions/listen',
    { notifications },
    { token, signal: abort.signal },
  );
  const messages = streamed(response);
  const next = async (): Promise<Rpc> => {
    const { value, done } = await messages.next();
    if (done === true) throw new Error('the stream has ended');
    return value;
  };
  const { params } = await next();
  return { next, acknowledged: params?.notifications, close: () => abort.abort() };
};

/** Waits until as many streams are open as are expected; the end of a connection is seen a moment later. */
const open = async (count: number): Promise<void> => {
  for (const deadline = Date.now() + 10_000; http.streams.count() !== count; ) {
    if (Date.now() > deadline) throw new Error(`${http.streams.count()} streams are open, not ${count}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
};

it('a job of another principal is answered like one that there is not, whatever is asked about it', async () => {
  const job_id = await start('anna');
  for (const [tool, args] of [
    ['job_status', { job_id }],
    ['job_wait', { job_id, wait_seconds: 0 }],
    ['job_result', { job_id }],
    ['job_cancel', { job_id }],
    ['task_output', { job_id, task_id: 't1' }],
  ] as const) {
    expect(await call('ben', tool, args)).toMatchObject({
      isError: true,
      structuredContent: { code: 'JOB_NOT_FOUND' },
    });
  }
  expect((await call('ben', 'job_list', {})).structuredContent).toEqual({ jobs: [] });
  const resource = await answerOf(
    await send(http.url, 'resources/read', { uri: `job://${job_id}` }, { token: 'ben' }),
  );
  expect(resource.error?.code).toBe(-32602);
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
    const task = { taskId: job_id, inputResponses: {} };
    const other = await answerOf(await send(http.url, method, task, { token: 'ben', capabilities: TASKS }));
    expect(other.error?.code).toBe(-32602);
  }
});

it('a stream hears of the jobs of its own principal and of no other, also where it asks for them by name', async () => {
  const [hers, his] = [await start('anna'), await start('ben')];
  const ben = await listen('ben', {
    resourceSubscriptions: [`job://${hers}`, `job://${his}`],
    resourcesListChanged: true,
  });
  await move('anna', hers, 'start');
  await start('anna');
  await move('ben', his, 'start');
  // What anna's job did was told before, if it was told at all.
  expect(await ben.next()).toMatchObject({
    method: 'notifications/resources/updated',
    params: { uri: `job://${his}` },
  });
  ben.close();
  await open(0);
});

it('streams are counted while they are open, and one too many is refused and not served', async () => {
  const anna = await listen('anna', { resourcesListChanged: true });
  const ben = await listen('ben', { resourcesListChanged: true });
  expect(http.streams.count()).toBe(2);
  const third = await send(http.url, 'subscriptions/listen', {
    notifications: { resourcesListChanged: true },
  });
  expect(third.status).toBe(503);
  expect((await answerOf(third)).error?.data).toMatchObject({
    code: 'RESOURCES_INSUFFICIENT',
    retryable: true,
  });
  anna.close();
  await open(1);
  // The server's stop, or a key that was taken back, ends a stream with its result.
  http.streams.endAll();
  expect(await ben.next()).toMatchObject({ id: 1, result: { resultType: 'complete' } });
  await open(0);
});

it('a stream ends with its result when its credential is good no more, and no other does', async () => {
  const anna = await listen('anna', { resourcesListChanged: true });
  const carl = await listen('carl', { resourcesListChanged: true });
  spent.add('carl');
  expect(await carl.next()).toMatchObject({ id: 1, result: { resultType: 'complete' } });
  await open(1);
  await start('anna');
  expect(await anna.next()).toMatchObject({ method: 'notifications/resources/list_changed' });
  anna.close();
  await open(0);
});

it('a subscription that is refused leaves no stream behind', async () => {
  const response = await send(http.url, 'subscriptions/listen', { notifications: 7 });
  expect((await answerOf(response)).error?.code).toBe(-32602);
  expect(http.streams.count()).toBe(0);
});

it('news of tasks need the extension to be declared', async () => {
  const notifications = { taskIds: ['job_0000000000000001'], resourcesListChanged: true };
  const bare = await send(http.url, 'subscriptions/listen', { notifications });
  expect(bare.status).toBe(400);
  expect((await answerOf(bare)).error).toMatchObject({
    code: -32021,
    data: { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
  });
});

it('progress turns the answer of the same request into a stream', async () => {
  const job_id = await start('anna');
  const abort = new AbortController();
  const response = await send(
    http.url,
    'tools/call',
    { name: 'job_wait', arguments: { job_id, wait_seconds: 45 }, _meta: { progressToken: 'p' } },
    { token: 'anna', signal: abort.signal },
  );
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const seen: Rpc[] = [];
  for await (const message of streamed(response)) {
    seen.push(message);
    if (seen.length === 1) void move('anna', job_id, 'finish');
  }
  expect(seen.slice(0, -1).every(({ method }) => method === 'notifications/progress')).toBe(true);
  expect(seen.at(-1)?.result).toMatchObject({ structuredContent: { status: 'succeeded' } });
});

it('a client that disconnects ends its wait and not the job, with progress and without', async () => {
  for (const meta of [{}, { _meta: { progressToken: 'p' } }]) {
    const job_id = await start('anna');
    const ended = Promise.withResolvers<void>();
    const waited = Promise.withResolvers<void>();
    const { wait } = http.orchestrator;
    http.orchestrator.wait = (id, options) => {
      options.signal.addEventListener('abort', () => ended.resolve());
      waited.resolve();
      return wait(id, options);
    };
    const abort = new AbortController();
    const request = send(
      http.url,
      'tools/call',
      { name: 'job_wait', arguments: { job_id, wait_seconds: 45 }, ...meta },
      { token: 'anna', signal: abort.signal },
    ).then((response) => response.text());
    await waited.promise;
    abort.abort();
    await expect(request).rejects.toThrow();
    await ended.promise;
    http.orchestrator.wait = wait;
    expect((await call('anna', 'job_status', { job_id })).structuredContent).toMatchObject({
      status: 'running',
    });
  }
});
