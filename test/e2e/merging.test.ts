import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bash, makeSandbox, type Sandbox, says } from '../support/sandbox.ts';
import { startServer } from '../support/server.ts';

/** Two tasks that change the same line without knowing of each other, one after the other in one lane. */
const conflicting = (sandbox: Sandbox, more: Record<string, unknown> = {}) => ({
  request: 'Change the greeting.',
  workspace: sandbox.repository,
  max_workers: 1,
  tasks: [
    {
      id: 'polite',
      title: 'Be polite',
      prompt: `Be polite. [[begin]]${bash("sed -i 's/hello/hello, please/' greeting.txt")}${says('polite')}[[end]]`,
      verify: 'grep -q please greeting.txt',
    },
    {
      id: 'loud',
      title: 'Be loud',
      prompt: `Be loud. [[begin]]${bash("sed -i 's/hello/HELLO/' greeting.txt")}${says('loud')}[[end]]`,
      verify: 'grep -qi hello greeting.txt',
    },
  ],
  ...more,
});

const startWithResolver = async (script: string) => {
  const sandbox = await makeSandbox({
    files: { 'greeting.txt': 'hello\n' },
    rules: [{ match: /Two pieces of finished work|not resolved yet/, script }],
  });
  return { sandbox, server: await startServer(sandbox) };
};

describe('a merge conflict', () => {
  it('goes to a worker that has both sides, and the merge counts when both verifications are green on it', async () => {
    const { sandbox, server } = await startWithResolver(
      `${bash("printf 'HELLO, please\\n' > greeting.txt && git add greeting.txt")}${says('both')}`,
    );
    const { job_id } = await server.job(
      'orchestrate',
      conflicting(sandbox, { verify: 'grep -q "HELLO, please" greeting.txt' }),
    );
    const done = await server.end(job_id);
    expect(done).toMatchObject({ status: 'succeeded', verification: 'passed' });
    expect(sandbox.git('show', `${done.branch}:greeting.txt`)).toBe('HELLO, please\n');
    // A real merge: both tasks' commits are in it.
    expect(sandbox.git('log', '--format=%s', `main..${done.branch}`).split('\n')).toEqual(
      expect.arrayContaining(['Be polite', 'Be loud']),
    );
    const result = await server.call('job_result', { job_id });
    expect(result.structured).toMatchObject({ receipt: { conflicts: 1 } });
  });

  it('that stays unresolved waits for a person with both sides kept, and a retry goes on from there', async () => {
    const { sandbox, server } = await startWithResolver(says('I would rather not'));
    const { job_id } = await server.job('orchestrate', conflicting(sandbox));
    const stuck = await server.end(job_id);
    expect(stuck.status).toBe('integrating');
    expect(stuck.attention?.refs.length).toBe(2);
    for (const ref of stuck.attention?.refs ?? [])
      expect(sandbox.git('rev-parse', '--verify', ref)).toMatch(/^[0-9a-f]{40}/);
    expect(sandbox.git('show', `${stuck.attention?.refs[0]}:greeting.txt`)).not.toBe('hello\n');

    sandbox.rules.splice(0, 1, {
      match: /Two pieces of finished work/,
      script: `${bash("printf 'HELLO, please\\n' > greeting.txt && git add greeting.txt")}${says('both')}`,
    });
    await server.job('job_steer', { job_id, action: 'retry' });
    const done = await server.end(job_id);
    expect(done.status).toBe('succeeded');
    expect(sandbox.git('show', `${done.branch}:greeting.txt`)).toBe('HELLO, please\n');
  });

  it('is never resolved by losing one side: a merge that drops it is red and not taken', async () => {
    const { sandbox, server } = await startWithResolver(
      `${bash("printf 'HELLO\\n' > greeting.txt && git add greeting.txt")}${says('kept the loud one')}`,
    );
    const { job_id } = await server.job('orchestrate', conflicting(sandbox));
    const stuck = await server.end(job_id);
    expect(stuck.attention?.reason).toContain('grep -q please greeting.txt');
    const cancelled = await server.job('job_cancel', { job_id });
    expect(cancelled.status).toBe('cancelled');
    for (const ref of stuck.attention?.refs ?? [])
      expect(sandbox.git('rev-parse', '--verify', ref)).toMatch(/^[0-9a-f]{40}/);
  });
});

const oneTask = (sandbox: Sandbox, more: Record<string, unknown> = {}) => ({
  request: 'Write new.txt.',
  workspace: sandbox.repository,
  apply: 'merge',
  tasks: [
    {
      id: 'write',
      prompt: `Write. ${bash('echo new > new.txt')}${says('wrote')}`,
      verify: 'test -s new.txt',
    },
  ],
  ...more,
});

describe("the user's branch", () => {
  it('is not moved under a dirty checkout; the result stays on the job branch and the answer says so', async () => {
    const sandbox = await makeSandbox({ files: { 'a.txt': 'a\n' } });
    const server = await startServer(sandbox);
    sandbox.write({ 'a.txt': 'unsaved work\n' });
    const before = sandbox.git('rev-parse', 'main');
    const { job_id } = await server.job('orchestrate', oneTask(sandbox));
    const done = await server.end(job_id);
    expect(done.applied).toBeUndefined();
    expect(done.attention?.reason).toContain('was not merged into main');
    expect(sandbox.git('rev-parse', 'main')).toBe(before);
    expect(readFileSync(path.join(sandbox.repository, 'a.txt'), 'utf8')).toBe('unsaved work\n');
    expect(sandbox.git('show', `${done.branch}:new.txt`)).toBe('new\n');
  });

  it('that has moved meanwhile gets a merge commit, and nothing of its own is lost', async () => {
    const sandbox = await makeSandbox({ files: { 'a.txt': 'a\n' } });
    const server = await startServer(sandbox);
    const { job_id } = await server.job(
      'orchestrate',
      oneTask(sandbox, {
        tasks: [
          {
            id: 'write',
            prompt: `Write. ${bash(`until [ -e ${sandbox.root}/moved ]; do sleep 0.1; done; echo new > new.txt`)}${says('wrote')}`,
            verify: 'test -s new.txt',
          },
        ],
      }),
    );
    sandbox.write({ 'mine.txt': 'mine\n' });
    sandbox.commit('mine');
    writeFileSync(path.join(sandbox.root, 'moved'), '');
    const done = await server.end(job_id);
    expect(done.applied).toBe(true);
    expect(sandbox.git('ls-tree', '--name-only', 'main').trim().split('\n')).toEqual([
      'a.txt',
      'mine.txt',
      'new.txt',
    ]);
    expect(sandbox.git('status', '--porcelain')).toBe('');
  });

  it('is not merged into without any verification, unless that is allowed in so many words', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const unverified = {
      tasks: [{ id: 'write', prompt: `Write. ${bash('echo new > new.txt')}${says('wrote')}` }],
    };
    const refused = await server.call('orchestrate', oneTask(sandbox, unverified));
    expect(refused.isError).toBe(true);
    expect(refused.text).toMatch(/allow_unverified/);
    const { job_id } = await server.job(
      'orchestrate',
      oneTask(sandbox, { ...unverified, allow_unverified: true }),
    );
    const done = await server.end(job_id);
    expect(done).toMatchObject({ status: 'succeeded', applied: true });
    expect(done.tasks[0]?.verification).toBe('none');
  });
});

describe('odd repositories', () => {
  it('spaces, quotes, newlines and what a shell would run in names work literally', async () => {
    const odd = 'a "b" $(touch x)\n\'c\' -d.txt';
    const sandbox = await makeSandbox({
      name: 'my "repo" $(touch y)\nand\'s',
      files: { [odd]: 'odd\n', '-leading.txt': 'dash\n' },
    });
    const server = await startServer(sandbox);
    const { job_id } = await server.job(
      'orchestrate',
      oneTask(sandbox, {
        tasks: [
          {
            id: 'write',
            prompt: `Write. ${bash('for f in ./*; do echo more >> "$f"; done')}${says('wrote')}`,
            verify: 'test -e ./-leading.txt',
          },
        ],
      }),
    );
    const done = await server.end(job_id);
    expect(done).toMatchObject({ status: 'succeeded', applied: true });
    expect(done.files_changed.length).toBe(2);
    expect(readFileSync(path.join(sandbox.repository, odd), 'utf8')).toBe('odd\nmore\n');
    expect(existsSync(path.join(sandbox.repository, 'x'))).toBe(false);
    expect(existsSync(path.join(sandbox.root, 'y'))).toBe(false);
  });

  it('a detached HEAD works and leaves the result on its branch; a repository without a commit is refused with the way out', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    sandbox.git('checkout', '--quiet', '--detach');
    const { job_id } = await server.job('orchestrate', oneTask(sandbox, { apply: 'branch' }));
    expect((await server.end(job_id)).status).toBe('succeeded');
    sandbox.git('checkout', '--quiet', '--orphan', 'empty');
    const refused = await server.call('orchestrate', oneTask(sandbox));
    expect(refused.isError).toBe(true);
    expect(refused.text).toMatch(/commit/);
  });
});

describe('a worker that breaks the rules of its worktree', () => {
  it.each([
    ['leaves its branch', 'git switch -c elsewhere && echo x > x.txt && git add -A && git commit -qm away'],
    [
      'puts its commit on a branch of the user',
      'echo x > x.txt && git add -A && git commit -qm away && git branch theirs HEAD',
    ],
  ])('fails where it %s, and nothing of it is merged', async (_what, command) => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job(
      'orchestrate',
      oneTask(sandbox, {
        tasks: [{ id: 'stray', prompt: `Stray. ${bash(command)}${says('done')}`, verify: 'true' }],
      }),
    );
    const done = await server.end(job_id);
    expect(done.tasks[0]?.status).toBe('failed');
    expect(JSON.stringify(done.tasks[0])).toMatch(/rules of its worktree/);
    expect(sandbox.git('ls-tree', '--name-only', 'main')).not.toContain('x.txt');
    expect(done.branch).toBeUndefined();
  });
});
