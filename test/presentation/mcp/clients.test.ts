import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CallResult,
  connectNew,
  connectOld,
  type ProgressNote,
  type TestClient,
} from '../../support/mcp/clients.ts';
import { type McpOverHttp, startMcpHttp } from '../../support/mcp/httpServer.ts';

const TASKS = [
  { id: 'parser', prompt: 'Mend the parser\nand more', verify: 'npm test' },
  { prompt: 'Mend the printer', depends_on: ['parser'] },
];

let http: McpOverHttp;
beforeAll(async () => {
  http = await startMcpHttp();
});
afterAll(() => http.close());

type Can = 'follows' | 'cannot follow';

const clients: readonly (readonly [string, Can, () => Promise<TestClient>])[] = [
  ['a 1.x client', 'follows', () => connectOld()],
  ['a 2.x client in the 2025 era', 'follows', () => connectNew('legacy')],
  ['a 2.x client in the 2026 era', 'follows', () => connectNew('auto')],
  ['a 1.x client over HTTP', 'cannot follow', () => connectOld(http)],
  ['a 2.x client in the 2025 era over HTTP', 'cannot follow', () => connectNew('legacy', http)],
  ['a 1.x client over HTTP with a session', 'follows', () => connectOld({ ...http, asks: true })],
  [
    'a 2.x client in the 2025 era over HTTP with a session',
    'follows',
    () => connectNew('legacy', { ...http, asks: true }),
  ],
  ['a 2.x client in the 2026 era over HTTP', 'follows', () => connectNew('auto', http)],
];

describe.each(clients)('%s', (_name, can, connect) => {
  let client: TestClient;
  beforeAll(async () => {
    client = await connect();
  });
  afterAll(() => client.close());

  const jobOf = (result: CallResult): string => String(result.structuredContent?.job_id);
  const start = async (more: Record<string, unknown> = {}): Promise<string> =>
    jobOf(await client.call('orchestrate', { request: 'Mend it', workspace: '/w', tasks: TASKS, ...more }));
  const move = (job_id: string, task_id: string, message: string): Promise<CallResult> =>
    client.call('job_steer', { job_id, task_id, action: 'message', message });

  it('sees twelve tools, the loop prompt and the instructions', async () => {
    expect((await client.tools()).map(({ name }) => name)).toHaveLength(12);
    expect(client.instructions()).toContain('job_wait');
    const prompt = await client.prompt('orchestrate_work', { request: 'Mend it', workspace: '/w' });
    for (const word of ['Mend it', 'orchestrate', 'job_wait', 'approve', 'job_result'])
      expect(prompt).toContain(word);
  });

  it('gets a job at once, waits for it and reads its result', async () => {
    const started = await client.call('orchestrate', { request: 'Mend it', workspace: '/w', tasks: TASKS });
    expect(started.structuredContent).toMatchObject({
      status: 'submitted',
      progress: { done: 0, total: 2, percent: 0 },
      tasks: [
        { id: 'parser', title: 'Mend the parser' },
        { id: 't2', title: 'Mend the printer' },
      ],
    });
    expect(started.content[0]?.text).toContain('Call job_wait');
    const job_id = jobOf(started);
    await move(job_id, 'parser', 'done');
    await move(job_id, 't2', 'fail');
    const waited = await client.call('job_wait', { job_id, wait_seconds: 0 });
    expect(waited.structuredContent).toMatchObject({
      status: 'running',
      progress: { done: 1, total: 2, percent: 50 },
      tasks: [
        { status: 'done', verification: 'proved', seconds: 1.2, cost_usd: 0.1, summary: 'I did it. evil' },
        { status: 'failed', error: { code: 'TASK_EXECUTION' } },
      ],
    });
    await move(job_id, 'parser', 'finish');
    const result = await client.call('job_result', { job_id });
    expect(result.structuredContent).toMatchObject({
      status: 'succeeded',
      branch: `orchestrator/${job_id}`,
      files_changed: ['a.txt'],
      statistics: { total: 2, done: 1, failed: 1 },
      failures: [{ task_id: 't2' }],
    });
    expect(result.content.map(({ uri }) => uri)).toContain(`job://${job_id}/diff`);
  });

  it('gets the error of a tool whole, also where the tool has an output schema', async () => {
    // A 1.x client holds the structured content of errors, too, against the schema, and throws where it differs.
    await client.tools();
    const failed = await client.call('job_status', { job_id: 'job_zzzzzzzzzzzzzzzz' });
    expect(failed).toMatchObject({
      isError: true,
      structuredContent: { code: 'JOB_NOT_FOUND', retryable: false },
    });
  });

  it('is told of progress in words and rising numbers while it waits', async () => {
    const job_id = await start();
    const notes: ProgressNote[] = [];
    // Each move is made when the one before was told of: nothing here depends on time.
    const script = ['start', 'repair', 'done', 'finish'];
    const onprogress = (note: ProgressNote): void => {
      notes.push(note);
      const word = script.shift();
      if (word !== undefined) void move(job_id, 'parser', word);
    };
    const ended = await client.call('job_wait', { job_id, wait_seconds: 45 }, { onprogress });
    expect(ended.structuredContent).toMatchObject({ status: 'succeeded' });
    // A 2.x client may drop a note that comes in one read with the answer, so the last one is checked on the wire.
    expect(notes.map(({ message }) => message).slice(0, 4)).toEqual([
      '0/2 done · running',
      '0/2 done · parser started',
      '0/2 done · verify red in parser, repairing',
      '1/2 done · parser done (proved)',
    ]);
    expect(notes.every(({ total }) => total === 2)).toBe(true);
    for (const [at, note] of notes.entries())
      expect(note.progress).toBeGreaterThan(notes[at - 1]?.progress ?? -1);
  });

  it('may wait within orchestrate, with progress and without', async () => {
    const args = { request: 'Mend it', workspace: '/w', tasks: TASKS };
    expect(
      (await client.call('orchestrate', { ...args, wait_seconds: 0.05 })).structuredContent,
    ).toMatchObject({ status: 'running' });
    let told = 0;
    const onprogress = (): void => {
      told += 1;
    };
    await client.call('orchestrate', { ...args, wait_seconds: 0.05 }, { onprogress });
    expect(told).toBeGreaterThan(0);
  });

  it('ends a wait where a person is wanted, and says so', async () => {
    const job_id = await start();
    const wait = client.call('job_wait', { job_id, wait_seconds: 45 });
    await move(job_id, 'parser', 'attention');
    const { structuredContent } = await wait;
    expect(structuredContent).toMatchObject({ status: 'running', attention: { refs: ['refs/a', 'refs/b'] } });
    expect(structuredContent?.next).toContain('A person has to decide');
  });

  it('ends the wait, and not the job, when it takes its request back', async () => {
    const job_id = await start();
    const abort = new AbortController();
    const wait = client.call(
      'job_wait',
      { job_id, wait_seconds: 45 },
      { signal: abort.signal, onprogress: () => abort.abort() },
    );
    await expect(wait).rejects.toThrow();
    expect((await client.call('job_status', { job_id })).structuredContent).toMatchObject({
      status: 'running',
    });
  });

  it('cancels, skips and retries', async () => {
    const job_id = await start();
    const skipped = await client.call('job_steer', {
      job_id,
      task_id: 't2',
      action: 'skip',
      reason: 'not wanted',
    });
    expect(skipped.structuredContent).toMatchObject({
      tasks: [{}, { status: 'skipped', reason: 'not wanted' }],
    });
    const retried = await client.call('job_steer', { job_id, task_id: 't2', action: 'retry' });
    expect(retried.structuredContent).toMatchObject({ tasks: [{}, { status: 'waiting' }] });
    const one = await client.call('job_cancel', { job_id, task_id: 't2', reason: 'changed my mind' });
    expect(one.structuredContent).toMatchObject({
      tasks: [{}, { status: 'cancelled', reason: 'changed my mind' }],
    });
    expect((await client.call('job_cancel', { job_id })).structuredContent).toMatchObject({
      status: 'cancelled',
    });
  });

  it('pages through jobs and logs', async () => {
    const job_id = await start({ tasks: [{ id: 'long', prompt: 'abcdefghij' }] });
    const first = await client.call('job_list', { limit: 1 });
    expect(first.structuredContent).toMatchObject({ jobs: [{ job_id }] });
    const cursor = first.structuredContent?.next_cursor;
    const second = await client.call('job_list', { limit: 1, cursor });
    expect(second.structuredContent).not.toMatchObject({ jobs: [{ job_id }] });
    const page = await client.call('task_output', { job_id, task_id: 'long', offset: 2, limit: 3 });
    expect(page.structuredContent).toMatchObject({ text: 'cde', size: 10, next_offset: 5 });
  });

  it('analyzes without starting anything, and asks for the state of the system', async () => {
    const before = (await client.resources()).length;
    const analysis = await client.call('analyze', { request: 'Mend it', workspace: '/w', tasks: TASKS });
    expect(analysis.structuredContent).toMatchObject({
      complexity: 'MODERATE',
      estimate: { critical_path_seconds: 60, serial_seconds: 180 },
      preview: [{ id: 'parser' }, { id: 't2', depends_on: ['parser'] }],
    });
    expect(await client.resources()).toHaveLength(before);
    expect((await client.call('system_health', {})).structuredContent).toMatchObject({
      status: 'ok',
      workers: { limit: 4 },
    });
  });

  it('reads jobs, events, diffs and logs as resources, and completes their ids', async () => {
    const job_id = await start();
    expect(await client.templates()).toEqual([
      'job://{id}',
      'job://{id}/events',
      'job://{id}/diff',
      'job://{id}/tasks/{task}/log',
    ]);
    expect(await client.resources()).toContain(`job://${job_id}`);
    expect(JSON.parse(await client.read(`job://${job_id}`))).toMatchObject({
      request: 'Mend it',
      job_id,
      tasks: [{}, {}],
    });
    expect(JSON.parse(await client.read(`job://${job_id}/events`))).toMatchObject({
      events: [{ seq: 1, type: 'job.submitted', at: '2026-01-02T03:04:05.000Z' }],
    });
    expect(await client.read(`job://${job_id}/diff`)).toContain('\n+red\n');
    expect(await client.read(`job://${job_id}/tasks/parser/log`)).toBe('Mend the parser\nand more');
    expect(await client.complete('job://{id}', 'id', job_id.slice(0, -1))).toContain(job_id);
    expect(await client.complete('job://{id}/tasks/{task}/log', 'task', 'p', { id: job_id })).toEqual([
      'parser',
    ]);
    await expect(client.read('job://job_zzzzzzzzzzzzzzzz')).rejects.toMatchObject({ code: -32602 });
    await expect(client.read('job://nonsense/events')).rejects.toMatchObject({ code: -32602 });
  });

  if (can === 'cannot follow') {
    it('is told that it cannot follow, where nothing outlives a request', async () => {
      await expect(client.follow(`job://${await start()}`, () => {})).rejects.toThrow();
    });
    return;
  }

  it('hears of changes of what it follows, and of nothing else', async () => {
    const [followed, other] = [await start(), await start()];
    const heard: string[] = [];
    const first = Promise.withResolvers<void>();
    await client.follow(`job://${followed}`, (uri) => {
      heard.push(uri);
      first.resolve();
    });
    await move(other, 'parser', 'start');
    await move(followed, 'parser', 'start');
    await move(followed, 'parser', 'repair');
    await first.promise;
    // Several changes at once are told once.
    expect(heard).toEqual([`job://${followed}`]);
  });
});
