import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/processes.ts';
import { bash, makeSandbox, says, tool } from '../support/sandbox.ts';
import { startServer } from '../support/server.ts';

describe('a running job can be steered', () => {
  it('a message reaches the running worker, and a skip ends one task without failing the job', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const wait = (mark: string): string =>
      bash(`touch ${sandbox.root}/working-${mark}; until [ -e ${sandbox.root}/go ]; do sleep 0.1; done`);
    const { job_id } = await server.job('orchestrate', {
      request: 'Listen.',
      workspace: sandbox.repository,
      tasks: [
        {
          id: 'listen',
          prompt: `Listen. ${wait('listen')}${bash('echo heard > heard.txt')}${says('heard')}`,
        },
        { id: 'endless', prompt: `Wait. ${wait('endless')}${says('waited')}` },
      ],
    });
    await eventually(
      'both at work',
      () =>
        existsSync(path.join(sandbox.root, 'working-listen')) &&
        existsSync(path.join(sandbox.root, 'working-endless')),
    );
    await server.job('job_steer', {
      job_id,
      action: 'message',
      task_id: 'listen',
      message: 'WORD-FROM-THE-PERSON',
    });
    await server.job('job_steer', { job_id, action: 'skip', task_id: 'endless', reason: 'not needed' });
    writeFileSync(path.join(sandbox.root, 'go'), '');
    const done = await server.end(job_id);
    expect(done.status).toBe('succeeded');
    expect(done.tasks.map((task) => [task.id, task.status])).toEqual([
      ['listen', 'done'],
      ['endless', 'skipped'],
    ]);
    expect(sandbox.api.bodies.some((body) => JSON.stringify(body).includes('WORD-FROM-THE-PERSON'))).toBe(
      true,
    );
    const late = await server.call('job_steer', {
      job_id,
      action: 'message',
      task_id: 'listen',
      message: 'too late',
    });
    expect(late.isError).toBe(true);
  });
});

describe('limits of a job hold', () => {
  it('the same idempotency key and body give the same job, another body is a conflict', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const body = {
      request: 'Once.',
      workspace: sandbox.repository,
      idempotency_key: 'key-1',
      tasks: [{ id: 'a', prompt: `Do. ${says('done')}` }],
    };
    const first = await server.job('orchestrate', body);
    const again = await server.job('orchestrate', body);
    expect(again.job_id).toBe(first.job_id);
    const other = await server.call('orchestrate', { ...body, request: 'Twice.' });
    expect(other.isError).toBe(true);
    expect(JSON.stringify(other.structured)).toContain('CONFLICT');
  });

  it('a queue that is full says when to come again, and what was queued goes on', async () => {
    const sandbox = await makeSandbox({ env: { ORCHESTRATOR_MAX_QUEUED_TASKS: '2' } });
    const server = await startServer(sandbox);
    const body = (ids: string[]) => ({
      request: 'Queue.',
      workspace: sandbox.repository,
      tasks: ids.map((id) => ({ id, prompt: `Do ${id}. ${says('done')}` })),
    });
    const { job_id } = await server.job('orchestrate', body(['a', 'b']));
    const full = await server.call('orchestrate', body(['c']));
    expect(full.isError).toBe(true);
    expect(full.text).toMatch(/queue full/i);
    expect(JSON.stringify(full.structured)).toMatch(/retry_after_ms/);
    expect((await server.end(job_id)).status).toBe('succeeded');
  });

  it('no task starts once the budget is spent, and the rest says so', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'Spend.',
      workspace: sandbox.repository,
      budget_usd: 0.001,
      max_workers: 1,
      tasks: ['a', 'b', 'c'].map((id) => ({
        id,
        prompt: `Do ${id}. ${says('done')}[[usage:in=200,out=50]]`,
      })),
    });
    const done = await server.end(job_id);
    expect(done.tasks.at(-1)?.status).toBe('skipped');
    expect(JSON.stringify(done.tasks.at(-1))).toMatch(/budget/);
    expect(done.cost_usd).toBeGreaterThan(0.001);
  });

  it('a task that does not end in its time is stopped and says so', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'Take too long.',
      workspace: sandbox.repository,
      tasks: [
        { id: 'slow', prompt: `Never end. ${bash('while :; do sleep 0.2; done')}`, timeout_seconds: 2 },
      ],
    });
    const done = await server.end(job_id);
    expect(done.tasks[0]?.status).toBe('failed');
    expect(JSON.stringify(done.tasks[0])).toMatch(/WORKER_TIMEOUT.*2 seconds|2 seconds.*WORKER_TIMEOUT/);
  });

  it('a task that declares writes and writes nothing is told so once more, and then fails', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'Claim.',
      workspace: sandbox.repository,
      tasks: [
        {
          id: 'claims',
          prompt: `Write out.txt. ${says('I wrote out.txt and all tests pass')}`,
          writes: ['out.txt'],
        },
      ],
    });
    const done = await server.end(job_id);
    expect(done.tasks[0]?.status).toBe('failed');
    expect(
      sandbox.api.bodies.some((body) => JSON.stringify(body).includes('ended without changing a file')),
    ).toBe(true);
  });
});

describe('a request without tasks', () => {
  it('with a numbered list is a sequence in which each builds on the one before', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: [
        'Please do this:',
        `1. Create first.txt ${bash('echo 1 > first.txt')}${says('one')}`,
        `2. Then use first.txt to make second.txt ${bash('cat first.txt first.txt > second.txt')}${says('two')}`,
      ].join('\n'),
      workspace: sandbox.repository,
    });
    const done = await server.end(job_id);
    expect(done.tasks.length).toBe(2);
    expect(done.status).toBe('succeeded');
    expect(sandbox.git('show', `${done.branch}:second.txt`)).toBe('1\n1\n');
  });

  it('that is worth it is split by a read-only planner whose plan obeys the same rules', async () => {
    const plan = (dependsOn: string[]) => ({
      tasks: [
        {
          id: 'model',
          title: 'Model',
          prompt: 'Make the model.',
          depends_on: dependsOn,
          writes: ['model.txt'],
        },
        { id: 'view', title: 'View', prompt: 'Make the view.', depends_on: ['model'], writes: ['view.txt'] },
      ],
    });
    const sandbox = await makeSandbox({
      rules: [
        // Its first plan has a cycle: it is told so, in the same session, and corrects it.
        { match: /cycle/, script: `[[json:${JSON.stringify(plan([]))}]]` },
        { match: /Implement a complete inventory/, script: `[[json:${JSON.stringify(plan(['view']))}]]` },
        { match: /Make the model/, script: `${bash('echo model > model.txt')}${says('model')}` },
        { match: /Make the view/, script: `${bash('cat model.txt > view.txt')}${says('view')}` },
      ].reverse(),
    });
    sandbox.rules.reverse();
    // A worker's prompt repeats the request as its goal: the tasks' rules come before the planner's.
    sandbox.rules.sort((a, b) => Number(/Make/.test(b.match.source)) - Number(/Make/.test(a.match.source)));
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request:
        'Implement a complete inventory system: design the data model with validation, refactor the storage layer to use it, implement the user interface for browsing and editing, add import and export, write the tests for all of it, and document how the parts work together so that new developers can extend it.',
      workspace: sandbox.repository,
    });
    const done = await server.end(job_id);
    expect(done.tasks.map((task) => [task.id, task.status])).toEqual([
      ['model', 'done'],
      ['view', 'done'],
    ]);
    expect(sandbox.git('show', `${done.branch}:view.txt`)).toBe('model\n');
  });
});

describe('isolation "shared"', () => {
  it('works in a folder without git, keeps overlapping tasks apart, and says what done and undo mean', async () => {
    const sandbox = await makeSandbox();
    const folder = path.join(sandbox.root, 'plain');
    mkdirSync(folder);
    const server = await startServer(sandbox);
    const append = (id: string): string =>
      bash(`cat list.txt > copy-${id}.txt 2>/dev/null; echo ${id} >> list.txt`);
    const { job_id } = await server.job('orchestrate', {
      request: 'Append.',
      workspace: folder,
      isolation: 'shared',
      tasks: [
        ...['a', 'b'].map((id) => ({
          id,
          prompt: `Append. ${append(id)}${says('appended')}`,
          writes: ['list.txt', `copy-${id}.txt`],
          verify: 'test -s list.txt',
        })),
        {
          id: 'c',
          prompt: `Write. ${tool('Write', { file_path: 'own.txt', content: 'own' })}${says('wrote')}`,
          writes: ['own.txt'],
        },
      ],
    });
    const done = await server.end(job_id);
    expect(
      done.tasks.map((task) => task.status),
      JSON.stringify(done.tasks),
    ).toEqual(['done', 'done', 'done']);
    expect(readFileSync(path.join(folder, 'list.txt'), 'utf8').trim().split('\n').toSorted()).toEqual([
      'a',
      'b',
    ]);
    expect(done.branch).toBeUndefined();
    expect(done.warnings.join(' ')).toMatch(/no undo/);
  });
});
