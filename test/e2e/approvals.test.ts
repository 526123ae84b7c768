import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Approver, makeApprover } from '../support/approver.ts';
import { endOf, recordOf, startFront } from '../support/localServer.ts';
import { eventually, processesWith, workersOf } from '../support/processes.ts';
import { bash, makeSandbox, type Sandbox, says, tool } from '../support/sandbox.ts';
import type { ServerUnderTest } from '../support/server.ts';

type Scene = { readonly sandbox: Sandbox; readonly front: ServerUnderTest; readonly approver: Approver };

/** A server behind a front, and somebody who may approve. @param holdSeconds before a worker is parked. */
const scene = async (holdSeconds = 120): Promise<Scene> => {
  const sandbox = await makeSandbox({
    files: { 'keep.txt': 'keep\n', 'README.md': '# A repository\n' },
    // The approver looks again and again, as nobody else would.
    env: { ORCHESTRATOR_APPROVAL_HOLD: String(holdSeconds), ORCHESTRATOR_RATE_LIMIT: '0' },
  });
  const approver = await makeApprover(sandbox);
  return { sandbox, front: await startFront(sandbox), approver };
};

const submit = async ({ front, sandbox }: Scene, prompt: string, more: Record<string, unknown> = {}) => {
  const { job_id } = await front.job('orchestrate', {
    request: 'Work.',
    workspace: sandbox.repository,
    tasks: [{ id: 'work', prompt }],
    ...more,
  });
  return job_id;
};

const happenings = async ({ sandbox }: Pick<Scene, 'sandbox'>, jobId: string): Promise<readonly string[]> => {
  const { url, token } = recordOf(sandbox);
  const response = await fetch(`${url}/api/v1/jobs/${jobId}/events?limit=500`, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
  });
  return [...(await response.text()).matchAll(/"type":"([a-z._]+)"/g)].map(([, type = '']) => type);
};

const taskOf = async ({ front }: Scene, jobId: string, status: string) =>
  eventually(`the task ${status}`, async () => {
    const { tasks } = await front.job('job_status', { job_id: jobId });
    return tasks.find((task) => task.id === 'work' && task.status === status);
  });

/** What the model was told by the worker's tools, as the API saw it. */
const toldToModel = ({ sandbox }: Scene): string => JSON.stringify(sandbox.api.bodies.at(-1));

const killServer = async ({ sandbox, front }: Scene, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
  const { pid } = recordOf(sandbox);
  process.kill(pid, signal);
  await endOf(pid, 20_000);
  await eventually('the end of its workers', () => workersOf(sandbox.root).length === 0, 20_000);
  // The front starts the next one.
  await front.call('job_list', {});
  expect(recordOf(sandbox).pid).not.toBe(pid);
};

const worktreesOf = ({ sandbox }: Scene, jobId: string): readonly string[] => {
  const folder = path.join(sandbox.root, 'worktrees', jobId);
  return existsSync(folder) ? readdirSync(folder) : [];
};

const DANGER = 'rm keep.txt; echo ran >> ran.txt';

describe('a call that a person must agree to', () => {
  it('waits at the call and runs once it is approved, exactly as it was asked', async () => {
    const s = await scene();
    const id = await submit(s, `${bash('echo first > first.txt')}${bash(DANGER)}${says('done')}`);
    const asked = await s.approver.sees('pending');
    expect(asked).toMatchObject({ tool: 'Bash', risk: 'HIGH', command: DANGER, task_id: 'work' });
    expect(existsSync(path.join(asked.cwd, 'keep.txt'))).toBe(true);
    expect(await s.approver.decide(asked.approval_id, 'approve')).toBe(200);
    const done = await s.front.end(id);
    expect(done.status).toBe('succeeded');
    expect(done.tasks[0]).toMatchObject({ status: 'done', attempts: 1 });
    expect(s.sandbox.git('ls-tree', '--name-only', `${done.branch}`).trim().split('\n')).toEqual([
      'README.md',
      'first.txt',
      'ran.txt',
    ]);
    expect(s.sandbox.git('show', `${done.branch}:ran.txt`)).toBe('ran\n');
    expect((await s.approver.list('used')).map((row) => row.approval_id)).toEqual([asked.approval_id]);
  });

  it('does not run when it is denied; the worker is told why and goes on without it', async () => {
    const s = await scene();
    const id = await submit(s, `${bash(DANGER)}${bash('echo on > on.txt')}${says('done')}`);
    const asked = await s.approver.sees('pending');
    await s.approver.decide(asked.approval_id, 'deny', 'that file is still wanted');
    const done = await s.front.end(id);
    expect(done.status).toBe('succeeded');
    expect(toldToModel(s)).toContain('that file is still wanted');
    expect(s.sandbox.git('show', `${done.branch}:keep.txt`)).toBe('keep\n');
    expect(s.sandbox.git('show', `${done.branch}:on.txt`)).toBe('on\n');
  });

  it('is asked anew when a process changes the script that it runs while a person is asked: the approved one never runs', async () => {
    const s = await scene();
    const go = path.join(s.sandbox.root, 'go');
    const swap = `echo 'echo good >> out.txt' > job.sh; (while [ ! -e ${go} ]; do sleep 0.05; done; echo 'echo evil >> out.txt' > job.sh; touch ${go}.done) > /dev/null 2>&1 &`;
    const id = await submit(
      s,
      `${bash(swap)}${bash('rm keep.txt && sh job.sh')}${bash('echo on > on.txt')}${says('done')}`,
    );
    const asked = await s.approver.sees('pending');
    expect(asked.files.map((file) => path.basename(file.path))).toContain('job.sh');
    writeFileSync(go, '');
    await eventually('the other script', () => existsSync(`${go}.done`));
    await s.approver.decide(asked.approval_id, 'approve');
    const anew = await s.approver.sees('pending', (row) => row.approval_id !== asked.approval_id);
    expect(anew.digest).not.toBe(asked.digest);
    expect(existsSync(path.join(asked.cwd, 'keep.txt'))).toBe(true);
    expect((await s.approver.list('cancelled')).map((row) => row.approval_id)).toEqual([asked.approval_id]);
    await s.approver.decide(anew.approval_id, 'deny');
    const done = await s.front.end(id);
    expect(done.status).toBe('succeeded');
    expect(s.sandbox.git('ls-tree', '--name-only', `${done.branch}`)).not.toContain('out.txt');
  });
});

describe('a worker that waits long', () => {
  it('is parked without a process or a place, and goes on with the very call when it is approved', async () => {
    const s = await scene(1);
    const { job_id: id } = await s.front.job('orchestrate', {
      request: 'Work.',
      workspace: s.sandbox.repository,
      max_workers: 1,
      tasks: [
        {
          id: 'work',
          prompt: `${bash('echo first > first.txt')}${bash(DANGER)}${bash('echo last > last.txt')}${says('done')}`,
          priority: 'high',
        },
        { id: 'other', prompt: `${bash('echo other > other.txt')}${says('done')}` },
      ],
    });
    const asked = await s.approver.sees('pending');
    await taskOf(s, id, 'parked');
    // The only place of the job serves the other task meanwhile.
    await eventually('the other task', async () => {
      const { tasks } = await s.front.job('job_status', { job_id: id });
      return tasks.find((task) => task.id === 'other')?.status === 'done';
    });
    expect(readdirSync(asked.cwd).toSorted()).toEqual(['.git', 'README.md', 'first.txt', 'keep.txt']);
    expect((await s.front.job('job_status', { job_id: id })).status).toBe('running');
    await s.approver.decide(asked.approval_id, 'approve');
    const done = await s.front.end(id);
    expect(done.status).toBe('succeeded');
    expect(done.tasks[0]).toMatchObject({ status: 'done', attempts: 2 });
    expect(s.sandbox.git('show', `${done.branch}:ran.txt`)).toBe('ran\n');
    expect(s.sandbox.git('show', `${done.branch}:last.txt`)).toBe('last\n');
    expect(s.sandbox.git('show', `${done.branch}:first.txt`)).toBe('first\n');
    expect(await happenings(s, id)).toEqual(expect.arrayContaining(['task.parked', 'task.resumed']));
    expect(worktreesOf(s, id)).toEqual([]);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'is parked still after a %s of the server, and the exact call runs once when it is approved then',
    async (signal) => {
      const s = await scene(1);
      const id = await submit(s, `${bash('echo first > first.txt')}${bash(DANGER)}${says('done')}`);
      const asked = await s.approver.sees('pending');
      await taskOf(s, id, 'parked');
      await killServer(s, signal);
      await taskOf(s, id, 'parked');
      await eventually('no worker for it', () => workersOf(s.sandbox.root).length === 0);
      expect(await s.approver.decide(asked.approval_id, 'approve')).toBe(200);
      const done = await s.front.end(id);
      expect(done.status).toBe('succeeded');
      expect(s.sandbox.git('show', `${done.branch}:ran.txt`)).toBe('ran\n');
      expect(s.sandbox.git('show', `${done.branch}:first.txt`)).toBe('first\n');
      expect((await s.approver.list('used')).map((row) => row.approval_id)).toEqual([asked.approval_id]);
    },
  );

  it('is told of a denial when it was parked, and goes on', async () => {
    const s = await scene(1);
    const id = await submit(s, `${bash(DANGER)}${bash('echo on > on.txt')}${says('done')}`);
    const asked = await s.approver.sees('pending');
    await taskOf(s, id, 'parked');
    await s.approver.decide(asked.approval_id, 'deny', 'leave it alone');
    const done = await s.front.end(id);
    expect(done.status).toBe('succeeded');
    expect(toldToModel(s)).toContain('leave it alone');
    expect(s.sandbox.git('show', `${done.branch}:keep.txt`)).toBe('keep\n');
  });

  it('is held on where its call is not alone in its message, and none of the others is lost', async () => {
    const s = await scene(1);
    const both = `[[tools:${JSON.stringify(
      ['echo before > before.txt', DANGER, 'echo after > after.txt'].map((command) => ({
        name: 'Bash',
        input: { command },
      })),
    )}]]`;
    const id = await submit(s, `${both}${says('done')}`);
    const asked = await s.approver.sees('pending');
    await eventually('the call beside it', () => existsSync(path.join(asked.cwd, 'before.txt')));
    await eventually(
      'more than the time it is held for',
      () => Date.now() > Date.parse(asked.created_at) + 2000,
    );
    await taskOf(s, id, 'running');
    expect(workersOf(s.sandbox.root)).not.toEqual([]);
    await s.approver.decide(asked.approval_id, 'approve');
    const done = await s.front.end(id);
    expect(done.tasks[0]).toMatchObject({ status: 'done', attempts: 1 });
    expect(s.sandbox.git('show', `${done.branch}:ran.txt`)).toBe('ran\n');
    expect(s.sandbox.git('show', `${done.branch}:before.txt`)).toBe('before\n');
    expect(s.sandbox.git('show', `${done.branch}:after.txt`)).toBe('after\n');
    expect(await happenings(s, id)).not.toContain('task.parked');
  });

  it("is held on where a sub-agent's call waits, and that runs when it is approved", async () => {
    const s = await scene(1);
    const agent = tool('Task', {
      description: 'help',
      subagent_type: 'general-purpose',
      prompt: `[[begin]]${bash(DANGER)}${says('helped')}[[end]]`,
    });
    const id = await submit(s, `${agent}${says('done')}`);
    const asked = await s.approver.sees('pending');
    await eventually(
      'more than the time it is held for',
      () => Date.now() > Date.parse(asked.created_at) + 2000,
    );
    await taskOf(s, id, 'running');
    await s.approver.decide(asked.approval_id, 'approve');
    const done = await s.front.end(id);
    expect(done.status).toBe('succeeded');
    expect(s.sandbox.git('show', `${done.branch}:ran.txt`)).toBe('ran\n');
    expect(await happenings(s, id)).not.toContain('task.parked');
  });
});

describe('a call whose process goes away while it is held', () => {
  /** What the model says after the interruption stands behind `[[next]]`: the same call again. */
  const interrupted = `${bash('echo first >> first.txt')}${bash(DANGER)}[[next]]${bash(DANGER)}${says('done')}`;

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'is superseded by a %s of the server; the session goes on, and what was decided meanwhile is used once',
    async (signal) => {
      const s = await scene();
      const id = await submit(s, interrupted);
      const asked = await s.approver.sees('pending');
      await killServer(s, signal);
      const again = await s.approver.sees('pending');
      expect(again).toMatchObject({ approval_id: asked.approval_id, digest: asked.digest, asked: 2 });
      await s.approver.decide(asked.approval_id, 'approve');
      const done = await s.front.end(id);
      expect(done.status).toBe('succeeded');
      expect(done.tasks[0]).toMatchObject({ status: 'done', attempts: 2 });
      expect(s.sandbox.git('show', `${done.branch}:ran.txt`)).toBe('ran\n');
      // It went on where it was: what it had done before was not done again.
      expect(s.sandbox.git('show', `${done.branch}:first.txt`)).toBe('first\n');
      expect(await happenings(s, id)).toContain('task.resumed');
    },
  );

  it('goes on the same way where the worker alone was killed', async () => {
    const s = await scene();
    const id = await submit(s, interrupted);
    const asked = await s.approver.sees('pending');
    const [worker] = workersOf(s.sandbox.root);
    if (worker === undefined) throw new Error('there is no worker to kill');
    process.kill(worker.pid, 'SIGKILL');
    await s.approver.sees('pending', (row) => row.asked === 2);
    await s.approver.decide(asked.approval_id, 'approve');
    const done = await s.front.end(id);
    expect(done.tasks[0]).toMatchObject({ status: 'done', attempts: 2 });
    expect(s.sandbox.git('show', `${done.branch}:ran.txt`)).toBe('ran\n');
    expect(s.sandbox.git('show', `${done.branch}:first.txt`)).toBe('first\n');
  });
});

describe('who does not want the work any more', () => {
  it.each(['held', 'parked'] as const)(
    'cancels a job whose call is %s: no process, no worktree and nothing to decide is left',
    async (how) => {
      const s = await scene(how === 'held' ? 120 : 1);
      const id = await submit(s, `${bash(DANGER)}${says('done')}`);
      const asked = await s.approver.sees('pending');
      if (how === 'parked') await taskOf(s, id, 'parked');
      const cancelled = await s.front.job('job_cancel', { job_id: id, reason: 'not wanted' });
      expect(cancelled.status).toBe('cancelled');
      expect(workersOf(s.sandbox.root)).toEqual([]);
      expect(processesWith('ORCHESTRATOR_RUN_TOKEN').filter(({ command }) => command.includes(id))).toEqual(
        [],
      );
      expect(worktreesOf(s, id)).toEqual([]);
      await s.approver.sees('cancelled', (row) => row.approval_id === asked.approval_id);
      expect(await s.approver.decide(asked.approval_id, 'approve')).toBe(409);
    },
  );

  it('a parked task that is skipped leaves no worktree, and the rest of the job ends', async () => {
    const s = await scene(1);
    const id = await submit(s, `${bash(DANGER)}${says('done')}`);
    await taskOf(s, id, 'parked');
    await s.front.job('job_steer', { job_id: id, action: 'skip', task_id: 'work' });
    const done = await s.front.end(id);
    expect(done.tasks[0]?.status).toBe('skipped');
    expect(worktreesOf(s, id)).toEqual([]);
  });
});

it('three denials in a row stop the job for a person: the agent that submitted it cannot let it go on, an approver can', async () => {
  const s = await scene();
  const calls = ['a', 'b', 'c'].map((name) => bash(`rm keep.txt; echo ${name}`)).join('');
  const { job_id: id } = await s.front.job('orchestrate', {
    request: 'Work.',
    workspace: s.sandbox.repository,
    max_workers: 1,
    tasks: [
      { id: 'work', prompt: `${calls}${bash('echo on > on.txt')}${says('done')}`, priority: 'high' },
      { id: 'later', prompt: `${bash('echo later > later.txt')}${says('done')}` },
    ],
  });
  for (const name of ['a', 'b', 'c']) {
    const asked = await s.approver.sees('pending', (row) => row.command.endsWith(name));
    await s.approver.decide(asked.approval_id, 'deny');
  }
  const paused = await s.front.end(id);
  expect(paused).toMatchObject({
    status: 'running',
    attention: { reason: expect.stringContaining('denied'), wants: 'approver' },
  });
  expect(paused.next).toContain('you cannot');
  await taskOf(s, id, 'done');
  expect((await s.front.job('job_status', { job_id: id })).tasks.map((task) => task.status)).toEqual([
    'done',
    'ready',
  ]);
  for (const more of [{}, { task_id: 'later' }, { task_id: 'work' }]) {
    const refused = await s.front.call('job_steer', { job_id: id, action: 'retry', ...more });
    expect(refused).toMatchObject({ isError: true });
    expect(JSON.stringify(refused)).toContain('API_FORBIDDEN');
    expect(JSON.stringify(refused)).toContain(`steer ${id} --retry`);
  }
  expect((await s.front.job('job_status', { job_id: id })).attention).toBeDefined();
  expect(await s.approver.retry(id)).toBe(200);
  const done = await s.front.end(id);
  expect(done.status).toBe('succeeded');
  expect(s.sandbox.git('show', `${done.branch}:later.txt`)).toBe('later\n');
});
