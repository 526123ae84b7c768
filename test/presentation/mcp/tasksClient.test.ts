import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createTaskSessionFromClient, resultFromTaskOutcome } from '@modelcontextprotocol/ext-tasks/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { AGENT, type McpOverHttp, startMcpHttp } from '../../support/mcp/httpServer.ts';
import { ask, envelope, modernRequest, TASKS } from '../../support/mcp/httpWire.ts';
import { startRawClient } from '../../support/mcp/rawClient.ts';

let http: McpOverHttp;
beforeAll(async () => {
  http = await startMcpHttp();
});
afterAll(() => http.close());

const requestSchema = z.looseObject({
  method: z.string(),
  params: z.record(z.string(), z.unknown()).default({}),
});
const resultSchema = z.object({ result: z.json() });
const handleSchema = z.looseObject({ resultType: z.literal('task'), taskId: z.string() });

it("the extension's own client takes orchestrate for a task, follows it, and has the job's result in the end", async () => {
  const headers = { authorization: `Bearer ${AGENT}` };
  const client = new Client({ name: 'tasks', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(http.url), { requestInit: { headers } }));
  const polled = Promise.withResolvers<string>();
  const session = createTaskSessionFromClient(client, {
    endpointId: 'test',
    rawDispatch: async (request) => {
      const { method, params } = requestSchema.parse(request);
      const correct = modernRequest(method, params, TASKS);
      const response = await fetch(http.url, {
        method: 'POST',
        headers: { ...correct.headers, ...headers },
        body: correct.body,
      });
      if (method === 'tasks/get') polled.resolve(String(params.taskId));
      return { kind: 'result', ...resultSchema.parse(await response.json()) };
    },
    v2RequestFraming: {
      protocolVersion: '2026-07-28',
      clientInfo: { name: 'tasks', version: '1' },
      clientCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } },
    },
  });
  const execution = await session.callTool('orchestrate', { request: 'Mend it', workspace: '/w' });
  const settled = execution.settle();
  const job_id = await polled.promise;
  await ask(http.url, 'tools/call', {
    name: 'job_steer',
    arguments: { job_id, task_id: 't1', action: 'message', message: 'finish' },
  });
  const { outcome } = await settled;
  expect(resultFromTaskOutcome(outcome)).toMatchObject({
    structuredContent: { job_id, status: 'succeeded', branch: `orchestrator/${job_id}` },
  });
  await session.close();
  await client.close();
});

it('over stdio it is the same', async () => {
  const client = startRawClient();
  const request = { name: 'orchestrate', arguments: { request: 'x', workspace: '/w' } };
  const created = await client.request('tools/call', { ...request, _meta: envelope(TASKS) });
  const { taskId } = handleSchema.parse(created.result);
  const task = await client.request('tasks/get', { taskId, _meta: envelope(TASKS) });
  expect(task.result).toMatchObject({ taskId, status: 'working' });
  expect((await client.request('tasks/get', { taskId, _meta: envelope() })).error?.code).toBe(-32021);
  await client.end();
});
