import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { AuthenticationError, JobNotFoundError } from '../../../src/domain/errors/index.ts';
import { jobIdSchema, taskIdSchema } from '../../../src/domain/ids.ts';
import { createTaskLogs } from '../../../src/infrastructure/process/taskLogs.ts';
import { createClient } from '../../../src/presentation/client/client.ts';
import { ServerUnreachableError } from '../../../src/presentation/client/errors.ts';
import { clientOf, NO_JOB, request, startRest, startRestOver, untilTestEnds } from '../rest/support.ts';
import { startFlakyProxy } from './flakyProxy.ts';

const FAST = { firstPauseMs: 1 };

it("gives a job's events once each and in order, however often the connection is cut", async () => {
  const server = await startRest();
  const direct = clientOf(server);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 25 }),
      fc.nat(3),
      async (cuts, count, after) => {
        const proxy = await startFlakyProxy(server.port, cuts);
        const { job_id: id } = await direct.submit(request);
        for (let n = 0; n < 3; n += 1)
          await direct.steer({ job_id: id, action: 'message', task_id: 'a', message: 'repair' });
        const over = new AbortController();
        const seen: number[] = [];
        const stream = clientOf(proxy, FAST).jobEvents(id, {
          after,
          signal: over.signal,
          onEvent: ({ seq }) => void seen.push(seq),
        });
        const before = 4 - after;
        await expect.poll(() => seen.length, { interval: 2, timeout: 20_000 }).toBe(before);
        for (let n = 0; n < count; n += 1)
          await direct.steer({ job_id: id, action: 'message', task_id: 'a', message: 'repair' });
        const expected = Array.from({ length: 4 + count - after }, (_, at) => after + 1 + at);
        await expect
          .poll(() => seen.length, { interval: 5, timeout: 20_000 })
          .toBeGreaterThanOrEqual(expected.length);
        expect(seen).toEqual(expected);
        over.abort();
        await stream;
      },
    ),
    { numRuns: 25 },
  );
}, 120_000);

it("gives a task's log once and whole while it is written, however often the connection is cut", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'client-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const logs = createTaskLogs(folder);
  const server = await startRestOver((fixture) => ({
    ...fixture,
    taskOutput: (job, task, { offset, limit }) => logs.read(job, task, offset, limit),
    followTaskOutput: async (job, task, onGrowth) => logs.follow(job, task, onGrowth),
  }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 6 }),
      fc.array(
        fc.string({ minLength: 1, maxLength: 300, unit: fc.constantFrom('a', 'ß', '💥', ' ', '\n') }),
        { minLength: 1, maxLength: 12 },
      ),
      async (cuts, pieces) => {
        const proxy = await startFlakyProxy(server.port, cuts);
        const { job_id } = await clientOf(server).submit(request);
        const [job, task] = [jobIdSchema.parse(job_id), taskIdSchema.parse('a')];
        const over = new AbortController();
        let text = '';
        const stream = clientOf(proxy, FAST).taskLog(job_id, 'a', {
          signal: over.signal,
          onText: (piece, { offset }) => {
            expect(offset).toBe(text.length);
            text += piece;
          },
        });
        for (const piece of pieces) {
          logs.append(job, task, piece);
          await logs.flush();
          // The stream stands before the next one is written.
          await expect.poll(() => text.length, { interval: 2, timeout: 20_000 }).toBeGreaterThan(0);
        }
        const whole = pieces.join('');
        await expect.poll(() => text.length, { interval: 5, timeout: 20_000 }).toBe(whole.length);
        expect(text).toBe(whole);
        over.abort();
        await stream;
      },
    ),
    { numRuns: 20 },
  );
}, 120_000);

it('ends a stream for good where the server refuses it, and tells of breaks meanwhile', async () => {
  const server = await startRest();
  const signal = untilTestEnds();
  await expect(clientOf(server).jobEvents(NO_JOB, { signal, onEvent: () => {} })).rejects.toBeInstanceOf(
    JobNotFoundError,
  );
  const refused = Promise.withResolvers<unknown>();
  clientOf(server, { apiKey: 'wrong' }).follow(() => {}, { onRefused: refused.resolve });
  expect(await refused.promise).toBeInstanceOf(AuthenticationError);

  const { job_id: id } = await clientOf(server).submit(request);
  const lost: unknown[] = [];
  const over = new AbortController();
  const stream = createClient({ url: 'http://127.0.0.1:1', apiKey: 'k', ...FAST }).jobEvents(id, {
    signal: over.signal,
    onEvent: () => {},
    onLost: (error) => {
      lost.push(error);
      if (lost.length === 3) over.abort();
    },
  });
  await stream;
  expect(lost.every((error) => error instanceof ServerUnreachableError)).toBe(true);
});

it('throws on what its reader throws, and closes the socket', async () => {
  const server = await startRest();
  const { job_id: id } = await clientOf(server).submit(request);
  const fault = new Error('the reader broke');
  await expect(
    clientOf(server).jobEvents(id, {
      signal: untilTestEnds(),
      onEvent: () => {
        throw fault;
      },
    }),
  ).rejects.toBe(fault);
  await expect.poll(() => server.streams.count()).toBe(0);
});

it('follows all jobs across a break, and says that there was a gap', async () => {
  const server = await startRest();
  const proxy = await startFlakyProxy(server.port, []);
  const heard: string[] = [];
  let gaps = 0;
  const stop = clientOf(proxy, FAST).follow(({ type }) => void heard.push(type), {
    onGap: () => {
      gaps += 1;
    },
  });
  await expect.poll(() => server.streams.count()).toBe(1);
  const { job_id: id } = await clientOf(server).submit(request);
  await expect.poll(() => heard).toEqual(['job.submitted']);
  expect(gaps).toBe(0);
  proxy.cutAll();
  await expect.poll(() => gaps).toBe(1);
  await clientOf(server).cancel({ job_id: id });
  await expect.poll(() => heard).toEqual(['job.submitted', 'job.status']);
  stop();
  await expect.poll(() => server.streams.count()).toBe(0);
});

it('goes on behind the last event that it had, and takes none twice from a server that repeats itself', async () => {
  const asked: (string | undefined)[] = [];
  const frame = (seq: number): string =>
    `event: happening\nid: ${seq}\ndata: {"job_id":"${NO_JOB}","seq":${seq},"at":"","type":"x"}\n\n`;
  const server = createServer(({ headers }, response) => {
    asked.push(headers['last-event-id']?.toString());
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(frame(1) + frame(1) + frame(asked.length + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const over = new AbortController();
  const seen: number[] = [];
  await createClient({ url, ...FAST }).jobEvents(NO_JOB, {
    signal: over.signal,
    onEvent: ({ seq }) => {
      seen.push(seq);
      if (seq === 4) over.abort();
    },
  });
  expect(seen).toEqual([1, 2, 3, 4]);
  expect(asked).toEqual([undefined, '2', '3']);
});

it('opens a stream anew that has gone silent', async () => {
  let connections = 0;
  const silent = createServer((_, response) => {
    connections += 1;
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n');
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const address = silent.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const stop = createClient({ url, silenceMs: 40, ...FAST }).follow(() => {});
  await expect.poll(() => connections).toBeGreaterThan(2);
  stop();
});
