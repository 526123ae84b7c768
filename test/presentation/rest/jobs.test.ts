import { describe, expect, it } from 'vitest';
import { jobAnswerSchema } from '../../../src/presentation/wire/job.ts';
import { jobListAnswerSchema } from '../../../src/presentation/wire/jobList.ts';
import { API, bodyOf, clientOf, get, NO_JOB, post, request, startRest, stranger } from './support.ts';

describe('the jobs of the REST API', () => {
  it('takes a job with 202, says where it is, and shows it there', async () => {
    const server = await startRest();
    const made = await post(server, '/orchestrate', request);
    expect(made.status).toBe(202);
    const job = jobAnswerSchema.parse(JSON.parse(made.body));
    expect(job.status).toBe('submitted');
    expect(made.headers.location).toBe(`${API}/jobs/${job.job_id}`);
    const seen = await get(server, `/jobs/${job.job_id}`);
    expect(bodyOf(seen)).toMatchObject({ job_id: job.job_id, status: 'running' });
  });

  it('answers the same Idempotency-Key with the same job, also where the body has it, and 409 for another body', async () => {
    const server = await startRest();
    const key = { 'Idempotency-Key': 'once' };
    const first = bodyOf(await post(server, '/orchestrate', request, key));
    expect(bodyOf(await post(server, '/orchestrate', request, key)).job_id).toBe(first.job_id);
    const inBody = await post(server, '/orchestrate', { ...request, idempotency_key: 'once' }, key);
    expect(bodyOf(inBody).job_id).toBe(first.job_id);
    expect((await post(server, '/orchestrate', { ...request, request: 'Else.' }, key)).status).toBe(409);
  });

  it('refuses an Idempotency-Key that the body contradicts, and starts nothing', async () => {
    const server = await startRest();
    const answer = await post(
      server,
      '/orchestrate',
      { ...request, idempotency_key: 'one' },
      { 'Idempotency-Key': 'two' },
    );
    expect(answer.status).toBe(400);
    expect(bodyOf(await get(server, '/jobs')).jobs).toEqual([]);
  });

  it('waits for the end of a job where the body asks for it', async () => {
    const server = await startRest();
    const answer = post(server, '/orchestrate', { ...request, wait_seconds: 30 });
    const client = clientOf(server);
    await expect.poll(async () => (await client.list({})).jobs.length).toBe(1);
    const [row] = (await client.list({})).jobs;
    await client.cancel({ job_id: row?.job_id ?? '' });
    expect(bodyOf(await answer)).toMatchObject({ status: 'cancelled' });
  });

  it('says 304 until the job changes, for each view by itself', async () => {
    const server = await startRest();
    const client = clientOf(server);
    const { job_id: id } = await client.submit(request);
    for (const view of ['', '?view=whole']) {
      const path = `/jobs/${id}${view}`;
      const first = await get(server, path);
      const etag = first.headers.etag ?? '';
      const same = await get(server, path, { 'If-None-Match': `"other", W/${etag}` });
      expect([same.status, same.body, same.headers.etag]).toEqual([304, '', etag]);
      await client.steer({ job_id: id, action: 'message', task_id: 'a', message: 'start' });
      const changed = await get(server, path, { 'If-None-Match': etag });
      expect(changed.status).toBe(200);
      expect(changed.headers.etag).not.toBe(etag);
    }
  });

  it('leads through all pages by Link, each job once', async () => {
    const server = await startRest();
    const client = clientOf(server);
    for (let n = 0; n < 7; n += 1) await client.submit({ ...request, request: `Work ${n}` });
    const seen: string[] = [];
    for (let path: string | undefined = '/jobs?limit=3&status=running'; path !== undefined; ) {
      const page = await get(server, path);
      seen.push(...jobListAnswerSchema.parse(JSON.parse(page.body)).jobs.map(({ job_id }) => job_id));
      const link = page.headers.link;
      path = /^<\/api\/v1([^>]+)>; rel="next"$/.exec(String(link))?.[1];
    }
    expect(seen.length).toBe(7);
    expect(new Set(seen).size).toBe(7);
  });

  it('shows the result, the whole, the diff as a diff, the workers and the system', async () => {
    const server = await startRest();
    const { job_id: id } = await clientOf(server).submit(request);
    expect(bodyOf(await get(server, `/jobs/${id}/result`))).toMatchObject({
      job_id: id,
      diff_stat: ' a.txt | 1 +',
    });
    expect(bodyOf(await get(server, `/jobs/${id}?view=whole`))).toMatchObject({
      request: 'Do the work.',
      seq: 1,
    });
    const diff = await get(server, `/jobs/${id}/diff`);
    expect(diff.headers['content-type']).toBe('text/x-diff; charset=utf-8');
    // A patch has to apply: its bytes stay as they are.
    expect(diff.body).toBe(`diff of ${id}\n+\u001b[31mred\u001b[0m\n`);
    expect(bodyOf(await get(server, '/workers'))).toEqual({ limit: 4, live: 0, busy: 0, workers: [] });
    expect(bodyOf(await get(server, '/system'))).toMatchObject({ status: 'ok', spend_today_usd: 0 });
  });

  it('cancels and steers', async () => {
    const server = await startRest();
    const { job_id: id } = await clientOf(server).submit(request);
    const skipped = await post(server, `/jobs/${id}/steer`, { action: 'skip', task_id: 'b' });
    expect(bodyOf(skipped)).toMatchObject({ statistics: { skipped: 1 } });
    const cancelled = await post(server, `/jobs/${id}/cancel`, '');
    expect(bodyOf(cancelled)).toMatchObject({ status: 'cancelled' });
  });

  it("answers another's job exactly like one that there is not, at every path", async () => {
    const server = await startRest();
    const { job_id: id } = await clientOf(server).submit(request);
    const paths = ['', '?view=whole', '/result', '/diff', '/events', '/wait', '/tasks/a/log'];
    for (const path of paths) {
      const other = bodyOf(await get(server, `/jobs/${id}${path}`, stranger));
      const none = bodyOf(await get(server, `/jobs/${NO_JOB}${path}`, stranger));
      const blurred = (body: Record<string, unknown>, job: string): string =>
        // The fixture has a hint of its own; the core's is the same one in both cases.
        JSON.stringify({ ...body, request_id: '', hint: '' }).replaceAll(job, 'JOB');
      expect(other).toMatchObject({ status: 404, code: 'JOB_NOT_FOUND' });
      expect(blurred(other, id)).toBe(blurred(none, NO_JOB));
    }
    for (const path of ['/cancel', '/steer']) {
      const answer = await post(server, `/jobs/${id}${path}`, { action: 'retry' }, stranger);
      expect([400, 404]).toContain(answer.status);
    }
    expect(bodyOf(await get(server, '/jobs', stranger)).jobs).toEqual([]);
  });
});

describe('a batch', () => {
  it('answers each request by itself, in order', async () => {
    const server = await startRest();
    const requests = [request, { ...request, nonsense: 1 }, { ...request, request: 'BOOM' }, request, 7];
    const answer = await post(server, '/batch', { requests });
    expect(answer.status).toBe(207);
    expect(bodyOf(answer).answers).toMatchObject([
      { index: 0, status: 202, job: { status: 'submitted' } },
      { index: 1, status: 400, error: { detail: expect.stringContaining('requests[1]') } },
      { index: 2, status: 500, error: { code: 'INTERNAL' } },
      { index: 3, status: 202 },
      { index: 4, status: 400 },
    ]);
    expect(answer.body).not.toContain('/var/lib/secret');
  });

  it('takes 1 to 100 requests', async () => {
    const server = await startRest();
    expect((await post(server, '/batch', { requests: [] })).status).toBe(400);
    expect((await post(server, '/batch', { requests: Array(101).fill(request) })).status).toBe(400);
    const full = bodyOf(await post(server, '/batch', { requests: Array(100).fill(request) }));
    expect(full.answers).toHaveLength(100);
  });
});

describe('what a request gets wrong', () => {
  it.each([
    ['..%2F..%2Fetc%2Fpasswd'],
    ['%00'],
    ['%E0%A4%A'],
    ['job_%F0%9F%92%A5'],
    ['x'.repeat(10_000)],
    ['job_0000000000000001%0d%0a'],
    ['JOB_0000000000000001'],
  ])('refuses the id %.40s with 400 at every path', async (id) => {
    const server = await startRest();
    for (const path of ['', '/result', '/events', '/diff', '/wait', '/tasks/a/log'])
      expect((await get(server, `/jobs/${id}${path}`)).status).toBe(400);
    for (const path of ['/cancel', '/steer'])
      expect((await post(server, `/jobs/${id}${path}`, {})).status).toBe(400);
    const task = await get(server, `/jobs/${NO_JOB}/tasks/${id}/log`);
    // A job's id may be a task's id as well.
    expect(task.status).toBe(id.startsWith('JOB') ? 404 : 400);
  });

  it.each([
    ['/jobs?limt=3', 'limt'],
    ['/jobs?limit=0', 'limit'],
    ['/jobs?limit=1e1', 'limit'],
    ['/jobs?limit=', 'limit'],
    ['/jobs?limit=1&limit=2', 'limit'],
    ['/jobs?status=done', 'status'],
    ['/system?x=1', 'x'],
    [`/jobs/${NO_JOB}?view=all`, 'view'],
    [`/jobs/${NO_JOB}/events?after=-1`, 'after'],
    [`/jobs/${NO_JOB}/events?limit=1001`, 'limit'],
    [`/jobs/${NO_JOB}/wait?seconds=46`, 'seconds'],
    [`/jobs/${NO_JOB}/tasks/a/log?offset=x`, 'offset'],
    ['/jobs?__proto__=1', '__proto__'],
  ])('refuses %s naming the parameter', async (path, name) => {
    const answer = await get(await startRest(), path);
    expect(answer.status).toBe(400);
    expect(bodyOf(answer)).toMatchObject({ code: 'TASK_VALIDATION', detail: expect.stringContaining(name) });
  });

  it.each([
    ['/orchestrate', { ...request, wrkspace: '/' }, 'wrkspace'],
    ['/orchestrate', {}, 'request'],
    ['/orchestrate', { ...request, tasks: [{ prompt: 'x', verfy: 'y' }] }, 'tasks[0].verfy'],
    ['/analyze', { request: 'x', workspace: '/w', max_workers: 0 }, 'max_workers'],
    ['/batch', { requests: [request], more: 1 }, 'more'],
    [`/jobs/${NO_JOB}/cancel`, { job_id: NO_JOB }, 'job_id'],
    [`/jobs/${NO_JOB}/steer`, { action: 'stop' }, 'action'],
    ['/orchestrate', '[]', 'object'],
    ['/orchestrate', '{"request":', 'JSON'],
    ['/orchestrate', '{"__proto__": 1}', '__proto__'],
  ])('refuses a body of %s naming the field', async (path, body, name) => {
    const answer = await post(await startRest(), path, body);
    expect(answer.status).toBe(400);
    expect(bodyOf(answer).detail).toContain(name);
  });

  it('answers other methods with 405 and the ones there are, and no path with 404', async () => {
    const server = await startRest();
    const wrong = await post(server, '/jobs', {});
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'GET, HEAD']);
    expect((await get(server, '/orchestrate')).headers.allow).toBe('POST');
    expect((await get(server, '/nothing')).status).toBe(404);
  });
});
