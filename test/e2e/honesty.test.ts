import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, processesWith } from '../support/processes.ts';
import { bash, makeSandbox, type Sandbox, says } from '../support/sandbox.ts';
import { startServer } from '../support/server.ts';

/** A verification that tells names (TAP): each of `tests` fails unless its file says good. */
const tap = (...tests: string[]): string =>
  `echo 1..${tests.length}; s=0; for t in ${tests.join(' ')}; do if grep -qs good $t.txt; then echo "ok - $t"; else echo "not ok - $t"; s=1; fi; done; exit $s`;

const merging = (sandbox: Sandbox, more: Record<string, unknown>) => ({
  request: 'Do it well.',
  workspace: sandbox.repository,
  apply: 'merge',
  ...more,
});

describe('nothing lands on the user’s branch that is not green as a whole', () => {
  it('tasks that are green apart and red together are not merged', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const only = (own: string, other: string): string =>
      `test -e ${own}.txt && ! { test -e ${other}.txt && test -e ${own}.txt; }`;
    const { job_id } = await server.job(
      'orchestrate',
      merging(sandbox, {
        tasks: [
          { id: 'a', prompt: `A. ${bash('echo a > a.txt')}${says('a')}`, verify: only('a', 'b') },
          { id: 'b', prompt: `B. ${bash('echo b > b.txt')}${says('b')}`, verify: only('b', 'a') },
        ],
      }),
    );
    const done = await server.end(job_id);
    expect(done.tasks.map((task) => task.verification)).toEqual(['proved', 'proved']);
    expect(done.status).toBe('failed');
    expect(done.applied).toBeUndefined();
    expect(sandbox.git('ls-tree', '--name-only', 'main').trim()).toBe('README.md');
    expect(sandbox.git('ls-tree', '--name-only', done.branch ?? '')).toContain('a.txt');
  });

  it('what is green only by an ignored file in the lane is not merged', async () => {
    const sandbox = await makeSandbox({ files: { '.gitignore': 'out/\n' } });
    const server = await startServer(sandbox);
    const { job_id } = await server.job(
      'orchestrate',
      merging(sandbox, {
        tasks: [
          {
            id: 'a',
            prompt: `A. ${bash('mkdir -p out && echo x > out/r && echo a > a.txt')}${says('a')}`,
            verify: 'test -f out/r',
          },
        ],
      }),
    );
    const done = await server.end(job_id);
    expect(done.applied).toBeUndefined();
    expect(sandbox.git('ls-tree', '--name-only', 'main').trim()).toBe('.gitignore');
  });

  it('red that is excused by a red base verifies nothing: the task is done, and nothing is merged', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job(
      'orchestrate',
      merging(sandbox, {
        tasks: [
          {
            id: 'a',
            prompt: `Mend one. ${bash('echo good > one.txt')}${says('all tests pass now')}`,
            verify: tap('one', 'two'),
          },
        ],
      }),
    );
    const done = await server.end(job_id);
    expect(done.tasks[0]).toMatchObject({ status: 'done', verification: 'none' });
    expect(done.applied).toBeUndefined();
    expect(done.attention?.reason).toMatch(/Still red with 1 failing test/);
    expect(sandbox.git('ls-tree', '--name-only', 'main').trim()).toBe('README.md');
  });

  it('a job that changed nothing while its verification is red has failed', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'Do nothing.',
      workspace: sandbox.repository,
      verify: 'test -e never.txt',
      tasks: [{ id: 'idle', prompt: `Idle. ${says('everything is fine')}` }],
    });
    const done = await server.end(job_id);
    expect(done).toMatchObject({ status: 'failed', verification: 'failed' });
    expect(done.verification_note).toMatch(/Nothing was changed/);
  });
});

describe('between two tasks of a lane', () => {
  it('a process that shed its environment and its session is ended too', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'Two tasks.',
      workspace: sandbox.repository,
      max_workers: 1,
      tasks: [
        {
          id: 'a',
          prompt: `A. ${bash(`env -i PATH=$PATH setsid sh -c 'while :; do echo evil > late.txt; sleep 0.1; done' >/dev/null 2>&1 & echo a > a.txt`)}${says('a')}`,
        },
        {
          id: 'b',
          prompt: `B. ${bash('i=0; while [ $i -lt 8 ]; do sleep 0.1; i=$((i+1)); done; echo b > b.txt')}${says('b')}`,
        },
      ],
    });
    const done = await server.end(job_id);
    expect(done.status).toBe('succeeded');
    const second = sandbox
      .git('log', '--format=%H', '--grep', 'Orchestrator-Task: b', done.branch ?? '')
      .trim();
    expect(sandbox.git('show', '--name-only', '--format=', second).trim()).toBe('b.txt');
  });
});

describe('a cancel', () => {
  it('starts none of the tasks that were waiting for a place', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'One after the other.',
      workspace: sandbox.repository,
      max_workers: 1,
      tasks: [
        { id: 'a', prompt: `A. ${bash(`touch ${sandbox.root}/working; while :; do sleep 0.2; done`)}` },
        { id: 'b', prompt: `B. ${bash(`touch ${sandbox.root}/second`)}${says('b')}` },
      ],
    });
    await eventually('the first at work', () => existsSync(path.join(sandbox.root, 'working')));
    const cancelled = await server.job('job_cancel', { job_id });
    expect(cancelled.tasks.map((task) => [task.status, task.attempts])).toEqual([
      ['cancelled', 1],
      ['cancelled', 0],
    ]);
    expect(existsSync(path.join(sandbox.root, 'second'))).toBe(false);
    expect(processesWith(`${sandbox.root}/home`).filter(({ pid }) => pid !== server.pid)).toEqual([]);
  });
});
