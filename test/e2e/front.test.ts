import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  endOf,
  endServersAfterwards,
  recordFile,
  recordOf,
  serverRecord,
  serversOf,
  startFront,
} from '../support/localServer.ts';
import { eventually } from '../support/processes.ts';
import { bash, makeSandbox, type Sandbox, says } from '../support/sandbox.ts';
import { startRaw, startServer } from '../support/server.ts';

const write = (sandbox: Sandbox, name: string) => ({
  request: `Write ${name}.`,
  workspace: sandbox.repository,
  tasks: [{ id: name, prompt: `Write it. ${bash(`echo ${name} > ${name}.txt`)}${says('done')}` }],
});

/** A worker that runs until the file `go` is there. */
const untilGo = (sandbox: Sandbox) => ({
  request: 'Wait, then write.',
  workspace: sandbox.repository,
  tasks: [
    {
      id: 'wait',
      prompt: `Wait. ${bash(`touch ${sandbox.root}/working; while [ ! -e ${sandbox.root}/go ]; do sleep 0.1; done; echo waited > waited.txt`)}${says('done')}`,
    },
  ],
});
const working = (sandbox: Sandbox) =>
  eventually('the worker at work', () => existsSync(path.join(sandbox.root, 'working')));
const go = (sandbox: Sandbox): void => writeFileSync(path.join(sandbox.root, 'go'), '');

describe('a front is thin', () => {
  it('a client that only looks at the tools starts nothing and leaves no file', async () => {
    const sandbox = await makeSandbox({ proven: false });
    for (const era of ['classic', 'modern'] as const) {
      const front = await startFront(sandbox, { era });
      expect(await front.toolNames()).toContain('orchestrate');
      expect(await front.resourceNames()).toEqual([]);
      await front.close();
    }
    expect(existsSync(path.join(sandbox.root, 'state'))).toBe(false);
    expect(serversOf(sandbox)).toEqual([]);
  });

  it('the first call starts the server, and progress comes through it', async () => {
    const sandbox = await makeSandbox();
    const front = await startFront(sandbox);
    const { job_id } = await front.job('orchestrate', write(sandbox, 'one'));
    const told: string[] = [];
    const done = await front.end(job_id, ({ message }) => told.push(message ?? ''));
    expect(done.status).toBe('succeeded');
    expect(told.some((message) => message.includes('one started') || message.includes('done'))).toBe(true);
    expect(sandbox.git('show', `${done.branch}:one.txt`)).toBe('one\n');
    const record = recordOf(sandbox);
    expect(record.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(statSync(recordFile(sandbox)).mode & 0o777).toBe(0o600);
    expect(serversOf(sandbox)).toEqual([record.pid]);
    expect(await front.readResource(`job://${job_id}/diff`)).toContain('one.txt');
  });
});

describe('the work outlives the client', () => {
  it('a front killed by SIGKILL leaves its job running, and the next client sees it end', async () => {
    const sandbox = await makeSandbox();
    const first = await startFront(sandbox);
    const { job_id } = await first.job('orchestrate', untilGo(sandbox));
    await working(sandbox);
    process.kill(first.pid, 'SIGKILL');
    await endOf(first.pid);
    go(sandbox);
    const second = await startFront(sandbox);
    expect((await second.end(job_id)).status).toBe('succeeded');
    expect(serversOf(sandbox)).toHaveLength(1);
  });

  it('a server killed by SIGKILL is replaced at the next call, and the job goes on', async () => {
    const sandbox = await makeSandbox();
    const front = await startFront(sandbox);
    const { job_id } = await front.job('orchestrate', untilGo(sandbox));
    await working(sandbox);
    const { pid } = recordOf(sandbox);
    process.kill(pid, 'SIGKILL');
    await endOf(pid);
    go(sandbox);
    expect((await front.end(job_id)).status).toBe('succeeded');
    expect(serverRecord(sandbox)?.pid).not.toBe(pid);
  });
});

describe('one server for all', () => {
  it('ten fronts that start a job in the same instant end with one server and ten jobs', async () => {
    const sandbox = await makeSandbox();
    const fronts = await Promise.all(Array.from({ length: 10 }, () => startFront(sandbox)));
    const jobs = await Promise.all(
      fronts.map((front, at) => front.job('orchestrate', write(sandbox, `file${at}`))),
    );
    expect(serversOf(sandbox)).toEqual([serverRecord(sandbox)?.pid]);
    const ends = await Promise.all(fronts.map((front, at) => front.end(jobs[at]?.job_id ?? '')));
    expect(ends.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'succeeded'));
    expect(new Set(ends.map(({ job_id }) => job_id)).size).toBe(10);
  });

  it('a stale record is passed over: a dead process, and a stranger on the port', async () => {
    const sandbox = await makeSandbox();
    const seen: (string | undefined)[] = [];
    const stranger = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{"status":"ready","proof":"guess"}');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void stranger.close());
    const address = stranger.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const front = await startFront(sandbox);
    await front.call('job_list', {});
    const record = recordOf(sandbox);
    process.kill(record.pid, 'SIGKILL');
    await endOf(record.pid);
    for (const pid of [record.pid, process.pid]) {
      writeFileSync(recordFile(sandbox), JSON.stringify({ ...record, pid, url: `http://127.0.0.1:${port}` }));
      const next = await startFront(sandbox);
      expect((await next.call('job_list', {})).isError).toBe(false);
      const now = recordOf(sandbox);
      expect(now.pid).not.toBe(pid);
      process.kill(now.pid, 'SIGKILL');
      await endOf(now.pid);
    }
    // The stranger never saw a token.
    expect(seen.every((header) => header === undefined)).toBe(true);
  });

  it('an older server ends gracefully and is replaced, and its job goes on', async () => {
    const sandbox = await makeSandbox({ env: { ORCHESTRATOR_DRAIN_SECONDS: '20' } });
    const first = await startFront(sandbox);
    const { job_id } = await first.job('orchestrate', untilGo(sandbox));
    await working(sandbox);
    const old = recordOf(sandbox);
    writeFileSync(recordFile(sandbox), JSON.stringify({ ...old, version: '0.0.1' }));
    const second = await startFront(sandbox);
    const status = second.job('job_status', { job_id });
    go(sandbox);
    expect((await status).job_id).toBe(job_id);
    expect(serverRecord(sandbox)?.pid).not.toBe(old.pid);
    expect((await second.end(job_id)).status).toBe('succeeded');
    // The running task was let finish, not run a second time.
    expect((await second.job('job_status', { job_id })).tasks[0]?.attempts).toBe(1);
  });

  it('where one client has the directory to itself, the error names that process', async () => {
    const sandbox = await makeSandbox();
    const alone = await startServer(sandbox);
    await alone.call('job_list', {});
    const front = await startFront(sandbox);
    const answer = await front.call('job_list', {});
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain(String(alone.pid));
  });

  it('a server that nobody needs ends itself, and the record with it', async () => {
    const sandbox = await makeSandbox({ env: { ORCHESTRATOR_IDLE_MINUTES: '0.02' } });
    const front = await startFront(sandbox);
    await front.call('job_list', {});
    const { pid } = recordOf(sandbox);
    await front.close();
    await endOf(pid, 15_000);
    expect(serverRecord(sandbox)).toBeUndefined();
    // The next one takes the same port, so that a page that is open finds it.
    const before = readFileSync(path.join(sandbox.root, 'state', 'last-port'), 'utf8').trim();
    const again = await startFront(sandbox);
    await again.call('job_list', {});
    expect(new URL(recordOf(sandbox).url).port).toBe(before);
  });
});

describe('serve', () => {
  it('a taken port is said with the setting that names it', async () => {
    const sandbox = await makeSandbox();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const server = startRaw(sandbox, ['serve', '--port', String(port)]);
    let errors = '';
    server.stderr?.on('data', (chunk) => {
      errors += chunk;
    });
    expect(await server.exited).not.toBe(0);
    expect(errors).toContain(String(port));
    expect(errors).toContain('ORCHESTRATOR_PORT');
  });

  it('what it finds wrong only once its port is open ends it, and no process stays', async () => {
    const sandbox = await makeSandbox({ env: { ORCHESTRATOR_OAUTH_ISSUERS: 'http://issuer.example' } });
    endServersAfterwards(sandbox);
    const server = startRaw(sandbox, ['serve']);
    let errors = '';
    server.stderr?.on('data', (chunk) => {
      errors += chunk;
    });
    expect(await server.exited).toBe(78);
    expect(errors).toContain('ORCHESTRATOR_OAUTH_ISSUERS');
  });

  it('a second server refuses within a second and names the first', async () => {
    const sandbox = await makeSandbox();
    const front = await startFront(sandbox);
    await front.call('job_list', {});
    const second = startRaw(sandbox, ['serve']);
    let errors = '';
    second.stderr?.on('data', (chunk) => {
      errors += chunk;
    });
    expect(await second.exited).not.toBe(0);
    expect(errors).toContain(String(serverRecord(sandbox)?.pid));
  });

  it('SIGTERM lets the running task finish, starts no other, and ends with 0', async () => {
    const sandbox = await makeSandbox();
    const server = startRaw(sandbox, ['serve']);
    await eventually('the record', () => serverRecord(sandbox));
    const front = await startFront(sandbox);
    const first = untilGo(sandbox).tasks[0];
    const { job_id } = await front.job('orchestrate', {
      ...untilGo(sandbox),
      tasks: [
        first,
        { id: 'later', prompt: `Later. ${bash('echo later > later.txt')}${says('x')}`, depends_on: ['wait'] },
      ],
    });
    await working(sandbox);
    server.kill('SIGTERM');
    await eventually('the end of taking work', async () => {
      const answer = await front.call('orchestrate', write(sandbox, 'refused'));
      return answer.isError && answer.text.includes('stopping');
    });
    go(sandbox);
    expect(await server.exited).toBe(0);
    const next = await startFront(sandbox);
    const done = await next.end(job_id);
    expect(done.status).toBe('succeeded');
    expect(done.tasks.map(({ id, attempts }) => [id, attempts])).toEqual([
      ['wait', 1],
      ['later', 1],
    ]);
  });

  it('a second signal ends it within two seconds, and the task runs anew from its base', async () => {
    const sandbox = await makeSandbox();
    const server = startRaw(sandbox, ['serve']);
    await eventually('the record', () => serverRecord(sandbox));
    const front = await startFront(sandbox);
    const { job_id } = await front.job('orchestrate', untilGo(sandbox));
    await working(sandbox);
    server.kill('SIGTERM');
    const asked = performance.now();
    // Two signals of one kind may arrive as one.
    server.kill('SIGINT');
    await server.exited;
    expect(performance.now() - asked).toBeLessThan(3000);
    go(sandbox);
    const next = await startFront(sandbox);
    const done = await next.end(job_id);
    expect(done.status).toBe('succeeded');
    expect(done.tasks[0]?.attempts).toBe(2);
  });
});
