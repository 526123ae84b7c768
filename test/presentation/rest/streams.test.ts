import { request as httpRequest } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { taskIdSchema } from '../../../src/domain/ids.ts';
import type { OrchestratorClient } from '../../../src/presentation/client/client.ts';
import { createSseParser, type SseEvent } from '../../../src/presentation/client/sseParser.ts';
import { type HttpUnderTest, TOKEN } from '../http/support.ts';
import { API, clientOf, get, request, startRest, startRestOver, stranger } from './support.ts';

type Listening = {
  readonly events: readonly SseEvent[];
  readonly status: () => number;
  readonly ended: Promise<void>;
  readonly hangUp: () => void;
};

const listen = (server: HttpUnderTest, path: string, headers: Record<string, string> = {}): Listening => {
  const events: SseEvent[] = [];
  const ended = Promise.withResolvers<void>();
  let status = 0;
  const parser = createSseParser((event) => events.push(event));
  const call = httpRequest(
    {
      host: '127.0.0.1',
      port: server.port,
      path: `${API}${path}`,
      agent: false,
      headers: { 'X-API-Key': TOKEN, Accept: 'text/event-stream', ...headers },
    },
    (response) => {
      status = response.statusCode ?? 0;
      response.setEncoding('utf8');
      response.on('data', (text: string) => parser.feed(text));
      response.on('close', () => ended.resolve());
    },
  );
  call.on('error', () => ended.resolve());
  call.end();
  onTestFinished(() => void call.destroy());
  return { events, status: () => status, ended: ended.promise, hangUp: () => call.destroy() };
};

const ids = ({ events }: Listening): readonly (string | undefined)[] => events.map(({ id }) => id);

const move = (client: OrchestratorClient, id: string, message: string): Promise<unknown> =>
  client.steer({ job_id: id, action: 'message', task_id: 'a', message });

describe("a job's events", () => {
  it('are those there are and then those that come, also after the end of the job', async () => {
    const server = await startRest();
    const client = clientOf(server);
    const { job_id: id } = await client.submit(request);
    await move(client, id, 'start');
    const stream = listen(server, `/jobs/${id}/events`);
    await expect.poll(() => ids(stream)).toEqual(['1', '2']);
    await client.cancel({ job_id: id });
    await move(client, id, 'repair');
    await expect.poll(() => ids(stream)).toEqual(['1', '2', '3', '4']);
    expect(stream.events.map(({ event }) => event)).toEqual(Array(4).fill('happening'));
    expect(JSON.parse(stream.events[1]?.data ?? '')).toMatchObject({
      job_id: id,
      seq: 2,
      type: 'task.started',
      task_id: 'a',
    });
  });

  it('go on behind Last-Event-ID, and one that is garbage or not reached says nothing', async () => {
    const server = await startRest();
    const client = clientOf(server);
    const { job_id: id } = await client.submit(request);
    for (let n = 0; n < 4; n += 1) await move(client, id, 'repair');
    const from = (lastEventId: string): Listening =>
      listen(server, `/jobs/${id}/events?after=1`, { 'Last-Event-ID': lastEventId });
    const behind = from('3');
    const garbage = ['-1', '1e3', 'x', '9'.repeat(40), "'; drop table"].map(from);
    const far = from('999999');
    await expect.poll(() => ids(behind)).toEqual(['4', '5']);
    for (const stream of garbage) await expect.poll(() => ids(stream)).toEqual(['2', '3', '4', '5']);
    await expect.poll(() => far.status()).toBe(200);
    await move(client, id, 'repair');
    await expect.poll(() => ids(far)).toEqual(['6']);
  });

  it('come once and in order where the store is slow and the bus is late', async () => {
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
    let opened = 0;
    const server = await startRestOver((fixture) => ({
      ...fixture,
      // What is read may be newer than the question, and old by the time that it is here.
      events: async (id, after, limit) => {
        await pause();
        const page = await fixture.events(id, after, limit);
        await pause();
        return page;
      },
      // For every other stream events may be read from the store before the bus tells of them.
      subscribe: (listener) => {
        opened += 1;
        if (opened % 2 === 0) return fixture.subscribe(listener);
        let told = Promise.resolve();
        return fixture.subscribe((event, owner) => {
          told = told.then(pause).then(() => listener(event, owner));
        });
      },
    }));
    const client = clientOf(server);
    const { job_id: id } = await client.submit(request);
    const moves = (async () => {
      for (let n = 0; n < 40; n += 1) await move(client, id, 'repair');
    })();
    const streams = Array.from({ length: 12 }, () => listen(server, `/jobs/${id}/events`));
    await moves;
    const all = Array.from({ length: 41 }, (_, at) => String(at + 1));
    for (const stream of streams) await expect.poll(() => ids(stream).length).toBeGreaterThanOrEqual(41);
    // A double would come late: the bus is, too.
    await move(client, id, 'repair');
    for (const stream of streams) {
      await expect.poll(() => ids(stream).at(-1)).toBe('42');
      expect(ids(stream)).toEqual([...all, '42']);
    }
  });

  it('all reach who reads, also where one page is more than may wait for a client', async () => {
    const taskId = taskIdSchema.parse('a');
    const stored = 1200;
    const server = await startRestOver((fixture) => ({
      ...fixture,
      events: async (jobId, after, limit) =>
        Array.from({ length: Math.min(limit, stored - after) }, (_, at) => ({
          jobId,
          seq: after + at + 1,
          at: 0,
          happening: { type: 'task.message', taskId, message: 'x'.repeat(2000) },
        })),
    }));
    const { job_id: id } = await clientOf(server).submit(request);
    const stream = listen(server, `/jobs/${id}/events`);
    await expect.poll(() => ids(stream).at(-1), { timeout: 10_000 }).toBe(String(stored));
    expect(ids(stream)).toHaveLength(stored);
  });

  it('do not miss what happens while the stored ones are read', async () => {
    let happened = false;
    const server = await startRestOver((fixture) => ({
      ...fixture,
      events: async (id, after, limit) => {
        const page = await fixture.events(id, after, limit);
        if (!happened) {
          happened = true;
          await fixture.steer(id, { action: 'message', taskId: taskIdSchema.parse('a'), message: 'repair' });
        }
        return page;
      },
    }));
    const { job_id: id } = await clientOf(server).submit(request);
    const stream = listen(server, `/jobs/${id}/events`);
    await expect.poll(() => ids(stream)).toEqual(['1', '2']);
  });

  it('are JSON by pages for who does not ask for a stream', async () => {
    const server = await startRest();
    const client = clientOf(server);
    const { job_id: id } = await client.submit(request);
    await move(client, id, 'start');
    const page = await get(server, `/jobs/${id}/events?limit=1`);
    expect(JSON.parse(page.body)).toMatchObject({ job_id: id, events: [{ seq: 1 }], next_after: 1 });
    expect(page.headers.vary).toContain('Accept');
  });

  it('ends nothing but itself when its reader hangs up, and keeps no listener', async () => {
    let listeners = 0;
    const server = await startRestOver((fixture) => ({
      ...fixture,
      subscribe: (listener) => {
        listeners += 1;
        const stop = fixture.subscribe(listener);
        return () => {
          listeners -= 1;
          stop();
        };
      },
      followTaskOutput: async () => {
        listeners += 1;
        return () => {
          listeners -= 1;
        };
      },
    }));
    const client = clientOf(server);
    const { job_id: id } = await client.submit(request);
    const paths = [`/jobs/${id}/events`, '/events', `/jobs/${id}/tasks/a/log`];
    const streams = paths.map((path) => listen(server, path));
    await expect.poll(() => [server.streams.count(), listeners]).toEqual([3, 3]);
    for (const stream of streams) stream.hangUp();
    await expect.poll(() => [server.streams.count(), listeners]).toEqual([0, 0]);
    expect((await client.status(id)).status).toBe('running');
  });
});

describe('a wait', () => {
  it('tells progress, then the job, then ends', async () => {
    const server = await startRest();
    const client = clientOf(server);
    const { job_id: id } = await client.submit(request);
    const stream = listen(server, `/jobs/${id}/wait?seconds=20`);
    await expect.poll(() => stream.events.length).toBe(1);
    await move(client, id, 'start');
    await client.cancel({ job_id: id });
    await stream.ended;
    const names = stream.events.map(({ event }) => event);
    expect(names.slice(0, -1)).toEqual(Array(names.length - 1).fill('progress'));
    expect(names.at(-1)).toBe('job');
    expect(JSON.parse(stream.events.at(-1)?.data ?? '')).toMatchObject({ job_id: id, status: 'cancelled' });
  });

  it('ends in time with the job as it stands', async () => {
    const server = await startRest();
    const { job_id: id } = await clientOf(server).submit(request);
    const stream = listen(server, `/jobs/${id}/wait?seconds=0.1`);
    await stream.ended;
    expect(stream.events.at(-1)?.event).toBe('job');
  });
});

describe("a task's log", () => {
  it('is a stream from an offset whose ids lead on, and JSON otherwise', async () => {
    const server = await startRest();
    const { job_id: id } = await clientOf(server).submit(request);
    const path = `/jobs/${id}/tasks/a/log`;
    const stream = listen(server, `${path}?offset=2`);
    await expect.poll(() => stream.events.length).toBe(1);
    expect(stream.events[0]).toEqual({ event: 'log', id: '6', data: '{"offset":2,"text":"rst.","size":6}' });
    const again = listen(server, path, { 'Last-Event-ID': '5' });
    await expect.poll(() => again.events[0]?.data).toBe('{"offset":5,"text":".","size":6}');
    expect(JSON.parse((await get(server, `${path}?limit=3`)).body)).toMatchObject({
      text: 'Fir',
      next_offset: 3,
    });
  });

  it('of an unknown task is a problem and no stream', async () => {
    const server = await startRest();
    const { job_id: id } = await clientOf(server).submit(request);
    const stream = listen(server, `/jobs/${id}/tasks/none/log`);
    await stream.ended;
    expect(stream.status()).toBe(404);
  });
});

describe('the events of all jobs', () => {
  it('tell each happening, and rows of a job at most four times a second, the last one as it stands', async () => {
    const server = await startRest();
    const client = clientOf(server);
    const stream = listen(server, '/events');
    await expect.poll(() => server.streams.count()).toBe(1);
    const started = performance.now();
    const { job_id: id } = await client.submit(request);
    for (let n = 0; n < 60; n += 1) await move(client, id, 'repair');
    await client.cancel({ job_id: id });
    const rows = (): readonly { status: string }[] =>
      stream.events.filter(({ event }) => event === 'job').map(({ data }) => JSON.parse(data));
    await expect.poll(() => rows().at(-1)?.status, { timeout: 5000 }).toBe('cancelled');
    const seconds = (performance.now() - started) / 1000;
    expect(rows().length).toBeLessThanOrEqual(2 + Math.ceil(seconds * 4));
    expect(stream.events.filter(({ event }) => event === 'happening')).toHaveLength(62);
    expect(stream.events.every((event) => event.id === undefined)).toBe(true);
  });

  it("say nothing of another's jobs", async () => {
    const server = await startRest();
    const own = listen(server, '/events');
    const others = listen(server, '/events', stranger);
    await expect.poll(() => server.streams.count()).toBe(2);
    const { job_id: id } = await clientOf(server).submit(request);
    await expect.poll(() => own.events.length).toBeGreaterThan(1);
    expect(JSON.parse(own.events[0]?.data ?? '').job_id).toBe(id);
    // Whatever would be said to the other was said before this answer.
    expect((await get(server, '/jobs', stranger)).status).toBe(200);
    expect(others.events).toEqual([]);
  });

  it('leave nothing behind when their reader hangs up', async () => {
    const server = await startRest();
    const client = clientOf(server);
    const heard: string[] = [];
    const stop = client.follow(({ type }) => void heard.push(type));
    await expect.poll(() => server.streams.count()).toBe(1);
    await client.submit(request);
    await expect.poll(() => heard).toEqual(['job.submitted']);
    stop();
    await expect.poll(() => server.streams.count()).toBe(0);
  });
});
