import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bash, makeSandbox, says, tool } from '../support/sandbox.ts';
import { type Progress, startServer } from '../support/server.ts';

describe.each(['classic', 'modern'] as const)('with a %s client, the main job', (era) => {
  it('runs tasks on real workers, verifies and merges them, and tells how it goes', async () => {
    const sandbox = await makeSandbox({ files: { 'a.txt': 'a\n' } });
    const server = await startServer(sandbox, { era });
    const submitted = await server.job('orchestrate', {
      request: 'Make three files.',
      workspace: sandbox.repository,
      apply: 'merge',
      verify: 'test -s one.txt && test -s two.txt && test -s sum.txt',
      tasks: [
        {
          id: 'one',
          prompt: `Make one. ${tool('Write', { file_path: 'one.txt', content: 'one\n' })}${says('made one')}`,
          verify: 'test -s one.txt',
        },
        {
          id: 'two',
          prompt: `Make two. ${bash('echo two > two.txt')}${says('made two')}`,
          verify: 'test -s two.txt',
        },
        {
          id: 'sum',
          prompt: `Add up. ${bash('cat one.txt two.txt > sum.txt')}${says('added up')}`,
          verify: 'grep -q one sum.txt && grep -q two sum.txt',
          depends_on: ['one', 'two'],
        },
      ],
    });
    expect(submitted.status).toBe('submitted');
    expect(submitted.next).toContain('job_wait');

    const progress: Progress[] = [];
    const done = await server.end(submitted.job_id, (note) => progress.push(note));
    expect(done).toMatchObject({
      status: 'succeeded',
      applied: true,
      verification: 'passed',
      progress: { done: 3, total: 3, percent: 100 },
    });
    expect(done.tasks.map((task) => [task.id, task.status, task.verification])).toEqual([
      ['one', 'done', 'proved'],
      ['two', 'done', 'proved'],
      ['sum', 'done', 'proved'],
    ]);
    expect(progress.length).toBeGreaterThan(0);
    expect(progress.map((note) => note.progress)).toEqual(
      progress.map((note) => note.progress).toSorted((a, b) => a - b),
    );

    // The user's branch and checkout hold the result; nothing else was touched.
    expect(readFileSync(path.join(sandbox.repository, 'sum.txt'), 'utf8')).toBe('one\ntwo\n');
    expect(sandbox.git('status', '--porcelain')).toBe('');
    expect(sandbox.git('rev-parse', 'main').trim()).toBe(done.commit);
    expect(sandbox.git('branch', '--list', 'orchestrator/tasks/*')).toBe('');
    expect(sandbox.git('log', '--format=%(trailers:key=Orchestrator-Task,valueonly)', 'main')).toMatch(
      /one[\s\S]*|two/,
    );
    expect(existsSync(path.join(sandbox.root, 'worktrees', done.job_id))).toBe(false);

    const result = await server.call('job_result', { job_id: done.job_id });
    expect(result.text).toContain('made one');
    expect(await server.readResource(`job://${done.job_id}/diff`)).toContain('+++ b/sum.txt');
  });
});

describe('the workers of a job', () => {
  it('work at the same time, each in its own worktree', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    // Each waits until the others are there too: run one after the other, none would ever end.
    const meet = (id: string): string =>
      bash(
        `touch ${sandbox.root}/here-${id}; until [ -e ${sandbox.root}/here-a ] && [ -e ${sandbox.root}/here-b ] && [ -e ${sandbox.root}/here-c ]; do sleep 0.1; done; pwd > ${id}.txt`,
      );
    const { job_id } = await server.job('orchestrate', {
      request: 'Meet.',
      workspace: sandbox.repository,
      timeout_seconds: 60,
      tasks: ['a', 'b', 'c'].map((id) => ({ id, prompt: `Meet the others. ${meet(id)}${says('met')}` })),
    });
    const done = await server.end(job_id);
    expect(done.status).toBe('succeeded');
    const folders = ['a', 'b', 'c'].map((id) => sandbox.git('show', `${done.branch}:${id}.txt`).trim());
    expect(new Set(folders).size).toBe(3);
    for (const folder of folders) expect(folder.startsWith(path.join(sandbox.root, 'worktrees'))).toBe(true);
  });

  it('mend what their verification finds, in the same session, and the catch is on the receipt', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    // The scripted model reads what to do next from the output of the red verification, as a real one would.
    const { job_id } = await server.job('orchestrate', {
      request: 'Count.',
      workspace: sandbox.repository,
      tasks: [
        {
          id: 'count',
          prompt: `Write two lines. ${bash('echo line > lines.txt')}${says('wrote one')}`,
          verify: `[ "$(wc -l < lines.txt)" = 2 ] || { echo '${bash('echo line >> lines.txt')}${says('wrote the other')}'; exit 1; }`,
        },
      ],
    });
    const done = await server.end(job_id);
    const [task] = done.tasks;
    expect(task).toMatchObject({ status: 'done', attempts: 1, verification: 'proved' });
    const result = await server.call('job_result', { job_id });
    expect(JSON.stringify(result.structured)).toMatch(/"repairs":1/);
    // One commit, made after the repair's own: both lines are on the branch.
    expect(sandbox.git('show', `${done.branch}:lines.txt`)).toBe('line\nline\n');
  });
});
