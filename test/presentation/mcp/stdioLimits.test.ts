import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { LIMITS } from '../../../src/domain/limits.ts';
import { type RawClient, startInitialized, startJob, startRawClient } from '../../support/mcp/rawClient.ts';

const MIB = 1024 * 1024;

let client: RawClient;
beforeEach(async () => {
  client = await startInitialized();
});
afterEach(() => {
  client.child.kill('SIGKILL');
});

const memorySchema = z.looseObject({
  structuredContent: z.looseObject({ memory: z.object({ server_bytes: z.number() }) }),
});
const serverBytes = async (): Promise<number> =>
  memorySchema.parse((await client.call('system_health', {})).result).structuredContent.memory.server_bytes;

it('14: a line of 200 MB without an end costs no memory, is answered once, and the next line is served', async () => {
  const from = client.messages.length;
  const before = await serverBytes();
  const chunk = Buffer.alloc(MIB, 'x');
  await client.write('{"jsonrpc":"2.0","id":1,"method":"');
  for (let sent = 0; sent < 200; sent += 1) await client.write(chunk);
  // Answered while the line still goes on.
  const refused = await client.expect((message) => message.error !== undefined, from);
  expect(refused).toMatchObject({ id: null, error: { code: -32600 } });
  await client.write('\n');
  const rise = (await serverBytes()) - before;
  expect(rise / MIB).toBeLessThan(20);
  expect(client.messages.slice(from).filter((message) => message.error !== undefined)).toHaveLength(1);
});

it('a line just below the cap is served, one byte more is refused', async () => {
  const line = (length: number): string => {
    const head = '{"jsonrpc":"2.0","id":"big","method":"ping","params":{"a":"';
    return `${head}${'x'.repeat(length - head.length - 3)}"}}`;
  };
  await client.write(`${line(LIMITS.lineBytes)}\n`);
  expect((await client.expect((message) => message.id === 'big')).result).toEqual({});
  await client.write(`${line(LIMITS.lineBytes + 1)}\n`);
  expect(await client.expect((message) => message.error !== undefined)).toMatchObject({
    id: null,
    error: { code: -32600 },
  });
});

it('26: 300,000 notifications, time and again, are taken without growth, and requests are served among them', async () => {
  const flood =
    `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/nothing', params: { a: 'x' } })}\n`.repeat(
      10_000,
    );
  const send = async (): Promise<void> => {
    for (let sent = 0; sent < 30; sent += 1) {
      await client.write(flood);
      if (sent % 10 === 0) expect((await client.request('ping')).result).toEqual({});
    }
  };
  const rises: number[] = [];
  for (let before = await serverBytes(); rises.length < 5; ) {
    await send();
    const after = await serverBytes();
    rises.push((after - before) / MIB);
    before = after;
  }
  // When the heap is collected is its own affair; what is kept for good adds to it with every flood.
  expect(Math.min(...rises)).toBeLessThan(10);
});

it('a client that asks and does not read is not read either, so that nothing piles up', async () => {
  client.child.stdout.pause();
  const ask = `${JSON.stringify({ jsonrpc: '2.0', id: 'same', method: 'no/such' })}\n`;
  let sent = 0;
  // Refusals fill the pipe, then our own reading stops, then the pipe towards the server fills.
  while (sent < 100 && client.child.stdin.write(ask.repeat(5000))) sent += 1;
  while (sent < 100 && client.child.stdin.writableLength < 4 * MIB) {
    client.child.stdin.write(ask.repeat(5000));
    sent += 1;
  }
  expect(client.child.stdin.writableLength).toBeGreaterThan(0);
  client.child.stdout.resume();
  if (client.child.stdin.writableNeedDrain) await once(client.child.stdin, 'drain');
  expect((await client.request('ping')).result).toEqual({});
});

it('more than 1,000 open calls are refused with the way out, and the open ones are unharmed', async () => {
  const job_id = await startJob(client);
  const wait = { name: 'job_wait', arguments: { job_id, wait_seconds: 45 } };
  for (let id = 0; id < 1001; id += 1)
    await client.send({ jsonrpc: '2.0', id, method: 'tools/call', params: wait });
  expect(await client.expect((message) => message.error !== undefined)).toMatchObject({
    id: 1000,
    error: { code: -32000 },
  });
  // A request that is taken back makes room.
  await client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 0 } });
  await client.call('job_steer', { job_id, action: 'message', task_id: 't1', message: 'finish' });
  expect((await client.expect((message) => message.id === 999)).result?.isError).toBeUndefined();
  expect(client.messages.some((message) => message.id === 0)).toBe(false);
});

it('22: an end of input in the middle of a message ends the server cleanly', async () => {
  await client.write('{"jsonrpc":"2.0","id":1,"meth');
  expect(await client.end()).toBe(0);
  await client.stderrLine('"ended":true');
  expect(client.stderr.filter((line) => line.includes('"ended"'))).toHaveLength(1);
});

it('requests that were sent before the end of input still get their answers', async () => {
  const piped = startRawClient();
  const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
  await piped.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: hello });
  await piped.send({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
  expect(await piped.end()).toBe(0);
  expect((await piped.expect((message) => message.id === 2)).result?.tools).toHaveLength(12);
});

it('and so does one that is still being worked on when the input ends', async () => {
  const job_id = await startJob(client);
  const params = { name: 'job_wait', arguments: { job_id, wait_seconds: 0.2 } };
  await client.send({ jsonrpc: '2.0', id: 'late', method: 'tools/call', params });
  expect(await client.end()).toBe(0);
  expect((await client.expect((message) => message.id === 'late')).result?.structuredContent).toMatchObject({
    job_id,
  });
});

it('an open wait does not keep the server after the end of input', async () => {
  const job_id = await startJob(client);
  const params = { name: 'job_wait', arguments: { job_id, wait_seconds: 45 } };
  await client.send({ jsonrpc: '2.0', id: 'wait', method: 'tools/call', params });
  await client.request('ping');
  const from = performance.now();
  expect(await client.end()).toBe(0);
  // The wait itself would be 45 s.
  expect(performance.now() - from).toBeLessThan(10_000);
});

it('23: a client that closes our output ends the server quietly', async () => {
  const exit = once(client.child, 'exit');
  client.child.stdout.destroy();
  await client.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  await client.send({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
  await client.stderrLine('"ended":true');
  client.child.stdin.end();
  expect(await exit).toEqual([0, null]);
  expect(client.stderr.join('\n')).not.toMatch(/EPIPE|at .*\.ts/);
});
