import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, processesWith, workersOf } from '../support/processes.ts';
import { bash, makeSandbox, says } from '../support/sandbox.ts';
import { startRaw, startServer } from '../support/server.ts';

/** Runs until something ends it, and leaves a grandchild that left the session and ignores SIGTERM. */
const endless = (root: string): string =>
  bash(
    `touch ${root}/working; (trap '' TERM; setsid sh -c 'trap "" TERM; while :; do sleep 0.2; done' >/dev/null 2>&1 &) ; while :; do sleep 0.2; done`,
  );
const working = (root: string) =>
  eventually('the worker at work', () => existsSync(path.join(root, 'working')));

describe('no process outlives its job', () => {
  it('a cancelled job leaves none, not even one that left the session and ignores SIGTERM', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'Never end.',
      workspace: sandbox.repository,
      tasks: [{ id: 'endless', prompt: `Never end. ${endless(sandbox.root)}` }],
    });
    await working(sandbox.root);
    expect(
      processesWith('ORCHESTRATOR_RUN_TOKEN').filter(({ command }) => command.includes('while :')).length,
    ).toBeGreaterThan(0);
    const cancelled = await server.job('job_cancel', { job_id, reason: 'not wanted any more' });
    expect(cancelled.status).toBe('cancelled');
    expect(
      processesWith(sandbox.root).filter(({ pid }) => pid !== server.pid && pid !== process.pid),
    ).toEqual([]);
    expect(existsSync(path.join(sandbox.root, 'worktrees', job_id))).toBe(false);
    expect(sandbox.git('status', '--porcelain')).toBe('');
  });

  it('one cancelled task ends alone and the rest goes on', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'Two things.',
      workspace: sandbox.repository,
      tasks: [
        { id: 'endless', prompt: `Never end. ${endless(sandbox.root)}` },
        { id: 'quick', prompt: `Be quick. ${bash('echo quick > quick.txt')}${says('quick')}` },
      ],
    });
    await working(sandbox.root);
    await server.job('job_cancel', { job_id, task_id: 'endless' });
    const done = await server.end(job_id);
    expect(done.tasks.map((task) => [task.id, task.status])).toEqual([
      ['endless', 'cancelled'],
      ['quick', 'done'],
    ]);
    // What was done is kept on the branch even though the job as a whole was not.
    expect(done.status).toBe('failed');
    expect(sandbox.git('show', `${done.branch}:quick.txt`)).toBe('quick\n');
  });

  it('a client that closes stdin ends the server within 5 s, its workers with it, and the state is kept', async () => {
    const sandbox = await makeSandbox();
    const raw = startRaw(sandbox);
    const send = (message: unknown): void => void raw.stdin?.write(`${JSON.stringify(message)}\n`);
    send({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
    });
    send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    send({
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: {
        name: 'orchestrate',
        arguments: {
          request: 'Never end.',
          workspace: sandbox.repository,
          tasks: [{ id: 'endless', prompt: endless(sandbox.root) }],
        },
      },
    });
    await working(sandbox.root);
    const closedAt = performance.now();
    raw.stdin?.end();
    expect(await raw.exited).toBe(0);
    expect(performance.now() - closedAt).toBeLessThan(5500);
    expect(processesWith(sandbox.root).filter(({ pid }) => pid !== process.pid)).toEqual([]);
  });
});

describe('work survives what kills it', () => {
  it('a worker killed from outside is run again once: two attempts, one commit', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'Write it.',
      workspace: sandbox.repository,
      tasks: [
        {
          id: 'once',
          // The first time it waits to be killed; the second time it finds the mark and ends.
          prompt: `Write once. ${bash(`echo x >> once.txt; if [ -e ${sandbox.root}/working ]; then exit 0; fi; touch ${sandbox.root}/working; while :; do sleep 0.2; done`)}${says('written')}`,
        },
      ],
    });
    await working(sandbox.root);
    const [worker] = workersOf(sandbox.root);
    if (worker === undefined) throw new Error('there is no worker to kill');
    process.kill(worker.pid, 'SIGKILL');
    const done = await server.end(job_id);
    expect(done.tasks[0]).toMatchObject({ status: 'done', attempts: 2 });
    // The second attempt began anew from the base: one line, not two.
    expect(sandbox.git('show', `${done.branch}:once.txt`)).toBe('x\n');
    expect(sandbox.git('rev-list', '--count', `main..${done.branch}`).trim()).toBe('1');
  });

  it('a server killed in mid-task goes on with the job when it is started again', async () => {
    const sandbox = await makeSandbox();
    const first = await startServer(sandbox);
    const { job_id } = await first.job('orchestrate', {
      request: 'Survive.',
      workspace: sandbox.repository,
      max_workers: 1,
      tasks: [
        { id: 'early', prompt: `Early. ${bash('echo early > early.txt')}${says('early')}` },
        {
          id: 'late',
          prompt: `Late. ${bash(`if [ -e ${sandbox.root}/working ]; then echo late > late.txt; exit 0; fi; touch ${sandbox.root}/working; while :; do sleep 0.2; done`)}${says('late')}`,
          depends_on: ['early'],
        },
      ],
    });
    await working(sandbox.root);
    process.kill(first.pid, 'SIGKILL');
    await eventually(
      'all workers of the killed server gone',
      () => workersOf(sandbox.root).length === 0,
      10_000,
    );

    const second = await startServer(sandbox);
    const done = await second.end(job_id);
    expect(done.status).toBe('succeeded');
    expect(done.tasks.map((task) => [task.id, task.status, task.attempts])).toEqual([
      ['early', 'done', 1],
      ['late', 'done', 2],
    ]);
    expect(sandbox.git('show', `${done.branch}:late.txt`)).toBe('late\n');
    expect(existsSync(path.join(sandbox.root, 'worktrees', job_id))).toBe(false);
  });

  it('a second server on the same state directory refuses in under a second and names the owner', async () => {
    const sandbox = await makeSandbox();
    const first = await startServer(sandbox);
    await first.call('job_list', {});
    const second = await startServer(sandbox);
    const askedAt = performance.now();
    const refused = await second.call('job_list', {});
    expect(performance.now() - askedAt).toBeLessThan(1000);
    expect(refused.isError).toBe(true);
    expect(refused.text).toContain(String(first.pid));
    // When the owner is gone, the same process takes over without being started anew.
    process.kill(first.pid, 'SIGKILL');
    await eventually(
      'the lock of the dead owner',
      async () => !(await second.call('job_list', {})).isError,
      10_000,
    );
  });
});

describe('a failure is told and keeps its work', () => {
  it('dependents are skipped with the reason, the rest goes on, the worktree stays for a person', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'Fail in part.',
      workspace: sandbox.repository,
      tasks: [
        {
          id: 'bad',
          prompt: `Do it wrong. ${bash('echo wrong > bad.txt')}${says('all is well, tests pass')}`,
          verify: 'grep -q right bad.txt',
        },
        { id: 'after', prompt: 'Build on it.', depends_on: ['bad'] },
        {
          id: 'good',
          prompt: `Do it right. ${bash('echo right > good.txt')}${says('right')}`,
          verify: 'grep -q right good.txt',
        },
      ],
    });
    const done = await server.end(job_id);
    expect(done.status).toBe('failed');
    const [bad, after, good] = done.tasks;
    expect(bad).toMatchObject({ status: 'failed', verification: 'failed' });
    expect(after).toMatchObject({ status: 'skipped' });
    expect(JSON.stringify(after)).toContain('\\"bad\\" failed');
    expect(good).toMatchObject({ status: 'done', verification: 'proved' });
    expect(sandbox.git('show', `${done.branch}:good.txt`)).toBe('right\n');
    const kept = path.join(sandbox.root, 'worktrees', job_id);
    expect(existsSync(kept)).toBe(true);
    expect(readFileSync(path.join(kept, 'lane-0', 'bad.txt'), 'utf8').concat()).toBe('wrong\n');

    // A retry runs the failed task and what was skipped because of it; the rest stays done.
    const retried = await server.job('job_steer', { job_id, action: 'retry' });
    expect(retried.status).toBe('running');
    const again = await server.end(job_id);
    expect(again.tasks.map((task) => [task.id, task.status])).toEqual([
      ['bad', 'failed'],
      ['after', 'skipped'],
      ['good', 'done'],
    ]);
    expect(again.tasks[0]?.attempts).toBe(2);
  });
});
