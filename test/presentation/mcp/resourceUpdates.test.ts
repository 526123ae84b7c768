import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/server';
import { expect, it } from 'vitest';
import { type RawClient, startInitialized, startJob, startRawClient } from '../../support/mcp/rawClient.ts';

const move = (client: RawClient, job_id: string, message: string) =>
  client.call('job_steer', { job_id, action: 'message', task_id: 't1', message });

const updates = (client: RawClient) =>
  client.messages.filter(({ method }) => method === 'notifications/resources/updated');

it('a busy job is told of at most twice a second for each resource', async () => {
  const client = await startInitialized();
  const job_id = await startJob(client);
  await client.request('resources/subscribe', { uri: `job://${job_id}` });
  const from = performance.now();
  for (let round = 0; round < 100; round += 1) await move(client, job_id, 'repair');
  await client.expect(({ method }) => method === 'notifications/resources/updated');
  // A timer never comes early, so this holds on a slow machine, too.
  const windows = Math.ceil((performance.now() - from) / 500);
  expect(updates(client).length).toBeLessThanOrEqual(windows);
  await client.request('resources/unsubscribe', { uri: `job://${job_id}` });
  await client.end();
});

it('2025: to follow a job opens the orchestrator, and what is no job cannot be followed', async () => {
  const client = await startInitialized();
  expect((await client.request('resources/subscribe', { uri: 'file:///etc/passwd' })).error?.code).toBe(
    -32602,
  );
  expect(client.stderr.join()).not.toContain('"opened"');
  expect((await client.request('resources/subscribe', { uri: 'job://job_0000000000000001' })).result).toEqual(
    {},
  );
  await client.stderrLine('"opened":true');
  await client.end();
});

it('2026: to listen opens the orchestrator, though the SDK answers that request by itself', async () => {
  const client = startRawClient();
  const _meta = {
    [PROTOCOL_VERSION_META_KEY]: '2026-07-28',
    [CLIENT_INFO_META_KEY]: { name: 'raw', version: '0' },
    [CLIENT_CAPABILITIES_META_KEY]: {},
  };
  const notifications = { resourceSubscriptions: ['job://job_0000000000000001'] };
  await client.send({
    jsonrpc: '2.0',
    id: 1,
    method: 'subscriptions/listen',
    params: { _meta, notifications },
  });
  await client.expect(({ method }) => method === 'notifications/subscriptions/acknowledged');
  await client.stderrLine('"opened":true');
  // And the updates come, of a job that is made only now.
  const params = { _meta, name: 'orchestrate', arguments: { request: 'x', workspace: '/w' } };
  await client.send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params });
  const update = await client.expect(({ method }) => method === 'notifications/resources/updated');
  expect(update.params).toMatchObject({ uri: 'job://job_0000000000000001' });
  await client.end();
});
