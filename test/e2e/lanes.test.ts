import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually, processesWith } from '../support/processes.ts';
import { bash, makeSandbox, type Sandbox, says, tool } from '../support/sandbox.ts';
import { startServer } from '../support/server.ts';

const eventsSchema = z.object({
  events: z.array(
    z.looseObject({
      type: z.string(),
      task_id: z.string().optional(),
      pid: z.number().optional(),
      session_id: z.string().optional(),
    }),
  ),
});

/** The bodies of model requests that carry a text: what the worker of one task really sent. */
const requestsOf = (sandbox: Sandbox, mark: string): string[] =>
  sandbox.api.bodies.map((body) => JSON.stringify(body)).filter((body) => body.includes(mark));

/** Two tasks in a row in one lane; the second says what it can see of the first. */
const twoTasks = async (o: { fresh: boolean }) => {
  const sandbox = await makeSandbox({
    files: { '.gitignore': 'ignored.txt\n', 'tracked.txt': 'as committed\n' },
  });
  const server = await startServer(sandbox);
  const look = `echo cwd=$(pwd) env=$LEAK func=$(type leak 2>/dev/null | head -1) > seen.txt; ls >> seen.txt; cat tracked.txt >> seen.txt`;
  const { job_id } = await server.job('orchestrate', {
    request: 'Two tasks, one after the other.',
    workspace: sandbox.repository,
    max_workers: 1,
    fresh: o.fresh,
    tasks: [
      {
        id: 'first',
        title: 'The first',
        prompt: [
          'SECRET-OF-THE-FIRST.',
          tool('TodoWrite', {
            todos: [{ content: 'TODO-OF-THE-FIRST', status: 'pending', activeForm: 'doing' }],
          }),
          tool('Read', { file_path: 'tracked.txt' }),
          bash(
            'export LEAK=leaked; leak() { :; }; mkdir -p deep/er && cd deep/er && echo untracked > ../../untracked.txt',
          ),
          bash('(while :; do sleep 0.2; done >/dev/null 2>&1 &) ; echo started'),
          says('REPORT-OF-THE-FIRST'),
        ].join('\n'),
      },
      {
        id: 'second',
        title: 'The second',
        prompt: `MARK-OF-THE-SECOND.\n${tool('Read', { file_path: 'tracked.txt' })}${bash(look)}${says('looked')}`,
      },
    ],
  });
  const done = await server.end(job_id);
  const events = eventsSchema.parse(JSON.parse(await server.readResource(`job://${job_id}/events`)));
  return { sandbox, server, done, started: events.events.filter((event) => event.type === 'task.started') };
};

describe('nothing of one task reaches the next one in its lane', () => {
  it('one process serves both, with a new session, and leaks neither words, folder, environment, files, todos, reads nor processes', async () => {
    const { sandbox, done, started } = await twoTasks({ fresh: false });
    expect(done.status).toBe('succeeded');
    // The same process: this is about `/clear`, not about a new process.
    expect(new Set(started.map((event) => event.pid)).size).toBe(1);
    expect(new Set(started.map((event) => event.session_id)).size).toBe(2);

    const seen = sandbox.git('show', `${done.branch}:seen.txt`);
    expect(seen).toMatch(/^cwd=\S*\/lane-0 env= func=$/m);
    expect(seen).not.toContain('untracked.txt');
    expect(seen).not.toContain('deep');

    const second = requestsOf(sandbox, 'MARK-OF-THE-SECOND');
    expect(second.length).toBeGreaterThan(0);
    for (const body of second) {
      expect(body).not.toContain('SECRET-OF-THE-FIRST');
      expect(body).not.toContain('REPORT-OF-THE-FIRST');
      expect(body).not.toContain('TODO-OF-THE-FIRST');
    }
    // A file that a session has read is not sent to it again while unchanged: the second must get it whole.
    expect(second.some((body) => /tool_result.{0,200}as committed/.test(body))).toBe(true);
    // Background processes of the first were ended before the second began.
    expect(
      processesWith(`${sandbox.root}/home`).filter(({ command }) => command.includes('while :')),
    ).toEqual([]);
  });

  it('with fresh each task has its own worktree and process', async () => {
    const { done, started } = await twoTasks({ fresh: true });
    expect(done.status).toBe('succeeded');
    expect(new Set(started.map((event) => event.pid)).size).toBe(2);
  });
});

describe('a worktree in which the project can build', () => {
  it('has the ignored files asked for, setup run once a lane, and ports of its own', async () => {
    const sandbox = await makeSandbox({ files: { '.gitignore': '.env\nbuilt\n', 'a.txt': 'a\n' } });
    sandbox.write({ '.env': 'KEY=value\n' });
    const server = await startServer(sandbox);
    const meet = (id: string): string =>
      `touch ${sandbox.root}/here-${id}; until [ -e ${sandbox.root}/here-a ] && [ -e ${sandbox.root}/here-b ]; do sleep 0.1; done; cat .env built > ${id}.txt; echo port=$PORT_BASE >> ${id}.txt`;
    const { job_id } = await server.job('orchestrate', {
      request: 'Use the build.',
      workspace: sandbox.repository,
      copy: ['.env'],
      setup: `cat .env > built; echo run >> ${sandbox.root}/setups`,
      tasks: ['a', 'b'].map((id) => ({ id, prompt: `Look. ${bash(meet(id))}${says('looked')}` })),
    });
    const done = await server.end(job_id);
    expect(done.status).toBe('succeeded');
    const [a, b] = ['a', 'b'].map((id) => sandbox.git('show', `${done.branch}:${id}.txt`));
    expect(a).toMatch(/^KEY=value\nKEY=value\nport=\d+$/m);
    expect(a?.split('port=')[1]).not.toBe(b?.split('port=')[1]);
    expect(readFileSync(path.join(sandbox.root, 'setups'), 'utf8')).toBe('run\nrun\n');
  });

  it('a setup that fails fails the job once, with what it printed, and starts no worker', async () => {
    const sandbox = await makeSandbox();
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'Cannot build.',
      workspace: sandbox.repository,
      max_workers: 1,
      setup: 'echo THE-REASON >&2; exit 3',
      tasks: ['a', 'b', 'c'].map((id) => ({ id, prompt: `Do ${id}.` })),
    });
    const done = await server.end(job_id);
    expect(done.status).toBe('failed');
    expect(done.tasks[0]).toMatchObject({ status: 'failed', attempts: 0 });
    expect(JSON.stringify(done.tasks[0])).toContain('THE-REASON');
    expect(done.tasks.slice(1).map((task) => task.status)).toEqual(['skipped', 'skipped']);
    expect(sandbox.api.requests).toEqual([]);
  });
});

describe('tasks that would collide', () => {
  it('are not run together where they declare the same paths, and the later one builds on the earlier', async () => {
    const sandbox = await makeSandbox({ files: { 'list.txt': 'first\n' } });
    const server = await startServer(sandbox);
    const { job_id } = await server.job('orchestrate', {
      request: 'Append twice.',
      workspace: sandbox.repository,
      tasks: ['a', 'b'].map((id) => ({
        id,
        writes: ['list.txt'],
        prompt: `Append ${id}. ${bash(`echo ${id} >> list.txt`)}${says('appended')}`,
      })),
    });
    const done = await server.end(job_id);
    expect(done.status).toBe('succeeded');
    expect(sandbox.git('show', `${done.branch}:list.txt`)).toBe('first\na\nb\n');
    const result = await server.call('job_result', { job_id });
    expect(result.structured).toMatchObject({ receipt: { conflicts: 0, collisions_held_back: 1 } });
  });

  it('are seen in their live work and one is held back before either has ended', async () => {
    const sandbox = await makeSandbox({ files: { 'shared.txt': 'one\ntwo\nthree\n' } });
    const server = await startServer(sandbox);
    // Both edit the same line, then wait; only the collision's handling lets the older one end.
    const waitForHold = `until [ -e ${sandbox.root}/held ]; do sleep 0.1; done`;
    const { job_id } = await server.job('orchestrate', {
      request: 'Edit the same line.',
      workspace: sandbox.repository,
      tasks: ['a', 'b'].map((id) => ({
        id,
        prompt: `Edit. ${bash(`sed -i "s/^two.*/& ${id}/" shared.txt`)}${bash(waitForHold)}${says('edited')}`,
      })),
    });
    const held = await eventually('the collision held back', async () => {
      const { events } = eventsSchema.parse(JSON.parse(await server.readResource(`job://${job_id}/events`)));
      const hold = events.find((event) => event.type === 'task.held');
      return hold === undefined
        ? undefined
        : { hold, ended: events.filter((event) => event.type === 'task.done').length };
    });
    expect(held.ended).toBe(0);
    await server.call('task_output', { job_id, task_id: 'a' });
    sandbox.write({ '../held': '' });
    const done = await server.end(job_id);
    expect(done.status).toBe('succeeded');
    const line = sandbox.git('show', `${done.branch}:shared.txt`).split('\n')[1];
    expect(['two a b', 'two b a']).toContain(line);
  });
});
