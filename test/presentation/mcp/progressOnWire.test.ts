import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RawClient, startInitialized, startJob } from '../../support/mcp/rawClient.ts';

let client: RawClient;
beforeAll(async () => {
  client = await startInitialized();
});
afterAll(async () => {
  expect(await client.end()).toBe(0);
});

const wait = async (id: string, job_id: string, meta: Record<string, unknown>): Promise<void> => {
  const params = { name: 'job_wait', arguments: { job_id, wait_seconds: 45 }, ...meta };
  await client.send({ jsonrpc: '2.0', id, method: 'tools/call', params });
};
const finish = (job_id: string) =>
  client.call('job_steer', { job_id, action: 'message', task_id: 't1', message: 'finish' });

it('the last progress of a wait reaches the total, and stands before the answer on the wire', async () => {
  const job_id = await startJob(client);
  await wait('w', job_id, { _meta: { progressToken: 'tok' } });
  await client.expect((message) => message.params?.progressToken === 'tok');
  await finish(job_id);
  const answer = await client.expect((message) => message.id === 'w');
  const notes = client.messages.filter((message) => message.params?.progressToken === 'tok');
  expect(notes.at(-1)?.params).toMatchObject({ progress: 1, total: 1, message: '0/1 done · succeeded' });
  expect(client.messages.lastIndexOf(notes.at(-1) ?? {})).toBeLessThan(client.messages.indexOf(answer));
});

it('without a token the same call gives the same answer and no progress', async () => {
  const job_id = await startJob(client);
  const from = client.messages.length;
  await wait('quiet', job_id, {});
  await finish(job_id);
  const answer = await client.expect((message) => message.id === 'quiet');
  expect(answer.result?.structuredContent).toMatchObject({ status: 'succeeded' });
  expect(client.messages.slice(from).some((message) => message.method === 'notifications/progress')).toBe(
    false,
  );
});

it('28: a token that is used twice at once serves both calls', async () => {
  const job_id = await startJob(client);
  await wait('a', job_id, { _meta: { progressToken: 0 } });
  await wait('b', job_id, { _meta: { progressToken: 0 } });
  await finish(job_id);
  for (const id of ['a', 'b']) {
    expect((await client.expect((message) => message.id === id)).result?.structuredContent).toMatchObject({
      status: 'succeeded',
    });
  }
});
