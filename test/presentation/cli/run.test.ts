import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Job } from '../../../src/domain/job.ts';
import { createHarness, testScreen } from './support/harness.ts';
import { createVirtualScreen } from './support/virtualScreen.ts';

const specOf = async (cli: ReturnType<typeof createHarness>): Promise<Job['spec'] | undefined> =>
  (await cli.orchestrator.list({ limit: 1 })).views[0]?.job.spec;

const submitted = (cli: ReturnType<typeof createHarness>): Promise<void> =>
  cli.until(({ stderr }) => stderr.includes('job_0000000000000001'));

describe('what is run', () => {
  test('the request, in the repository that the current folder is in', async () => {
    const cli = createHarness();
    const { exitCode, stdout, stderr } = await cli.run('run', 'Mend it', '--detach');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'job_0000000000000001\n' });
    expect(stderr).toContain('claude-orchestrator watch job_0000000000000001');
    expect(await specOf(cli)).toMatchObject({ request: 'Mend it', workspace: '/work/repo', apply: 'branch' });
  });

  test('every flag arrives', async () => {
    const cli = createHarness();
    const words =
      'run r --workspace ../other --verify v --setup s --copy .env --copy .cache --apply merge --allow-unverified --isolation worktree --fresh --max-workers 3 --budget 1.5 --timeout 60 --priority high --model opus --idempotency-key k --detach --json';
    const { stdout } = await cli.run(...words.split(' '));
    expect(JSON.parse(stdout)).toMatchObject({ job_id: 'job_0000000000000001', status: 'submitted' });
    expect(await specOf(cli)).toEqual({
      request: 'r',
      workspace: '/work/repo/other',
      tasks: undefined,
      verify: 'v',
      setup: 's',
      copy: ['.env', '.cache'],
      apply: 'merge',
      allowUnverified: true,
      isolation: 'worktree',
      fresh: true,
      maxWorkers: 3,
      budgetUsd: 1.5,
      timeoutSeconds: 60,
      priority: 'high',
      model: 'opus',
    });
    // The same key and job again start nothing new.
    await cli.run(...words.split(' '));
    expect((await cli.client.list({})).jobs).toHaveLength(1);
  });

  test('tasks of flags, with their verifications; the request may be left to them', async () => {
    const cli = createHarness();
    await cli.run(
      'run',
      '--task',
      'a: Do this',
      '--task',
      'Just text: http',
      '--task-verify',
      'a=npm t',
      '--detach',
    );
    expect(await specOf(cli)).toMatchObject({
      request: 'Do this\nJust text: http',
      tasks: [
        { id: 'a', prompt: 'Do this', verify: 'npm t' },
        { id: 't2', prompt: 'Just text: http' },
      ],
    });
  });

  test.each([
    [['--task-verify', 'a=x'], 'no such --task'],
    [['--task', 'a: b', '--task-verify', 'a'], 'is not "id=command"'],
    [['--task', 'a: b', '--task-verify', 'a=1', '--task-verify', 'a=2'], 'twice'],
    [[], 'nothing to do'],
    [['-', '--plan', '-'], 'standard input'],
  ])('what cannot be meant is told: %j', async (argv, message) => {
    const cli = createHarness();
    const { exitCode, stderr } = await cli.run('run', ...argv, '--detach');
    expect(exitCode).toBe(78);
    expect(stderr).toContain(message);
  });

  test('a request or a plan from standard input', async () => {
    const cli = createHarness({ stdin: async () => 'From a pipe\n' });
    await cli.run('run', '-', '--detach');
    expect(await specOf(cli)).toMatchObject({ request: 'From a pipe' });
    const plan = createHarness({ stdin: async () => 'request: P\ntasks: [{ prompt: x }]\n' });
    await plan.run('run', '--plan', '-', '--detach');
    expect(await specOf(plan)).toMatchObject({ request: 'P', tasks: [{ id: 't1', prompt: 'x' }] });
  });

  test('a plan file, whose workspace starts at the file, and over which flags win', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cli-plan-'));
    try {
      await writeFile(
        join(folder, 'plan.yaml'),
        'request: P\nworkspace: ./repo\nverify: npm test\nmax_workers: 2\ntasks:\n  - id: a\n    prompt: x\n  - prompt: y\n    depends_on: [a]\n',
      );
      const cli = createHarness({ folder: () => folder });
      await cli.run('run', 'Mine', '--plan', 'plan.yaml', '--max-workers', '5', '--detach');
      expect(await specOf(cli)).toMatchObject({
        request: 'Mine',
        workspace: join(folder, 'repo'),
        verify: 'npm test',
        maxWorkers: 5,
        tasks: [{ id: 'a' }, { id: 't2', dependsOn: ['a'] }],
      });
      expect((await cli.run('run', '--plan', 'plan.yaml', '--task', 'b')).stderr).toContain(
        'plan file has tasks',
      );
      const none = await cli.run('run', '--plan', 'none.yaml');
      expect(none).toMatchObject({ exitCode: 74, stderr: expect.stringContaining('ENOENT') });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('a shared folder is worked in as it is', async () => {
    const cli = createHarness();
    await cli.run('run', 'x', '--isolation', 'shared', '--detach');
    expect(await specOf(cli)).toMatchObject({ workspace: '/work/repo/inner' });
  });
});

describe('on a pipe', () => {
  test('one line an event, the job at last, and exit code 0 where it succeeded', async () => {
    const cli = createHarness();
    const running = cli.run('run', 'x');
    await submitted(cli);
    await cli.move('job_0000000000000001', 't1', 'start');
    await cli.move('job_0000000000000001', 't1', 'done');
    await cli.move('job_0000000000000001', 't1', 'finish');
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('\u001b');
    expect(
      stdout
        .replaceAll(/^\d\d:\d\d:\d\d /gm, '')
        .split('\n')
        .slice(0, 4),
    ).toEqual([
      't1 started',
      't1 done (proved)',
      'succeeded',
      'job_0000000000000001 succeeded · 1/1 done · 1s · $0.11',
    ]);
    expect(cli.listening()).toBe(0);
  });

  test('with --json one document: the result', async () => {
    const cli = createHarness();
    const running = cli.run('run', 'x', '--json');
    for (;;) {
      if ((await cli.client.list({})).jobs.length > 0 && cli.listening() > 0) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await cli.move('job_0000000000000001', 't1', 'finish');
    const { exitCode, stdout, stderr } = await running;
    expect(JSON.parse(stdout)).toMatchObject({ status: 'succeeded', output: expect.any(String) });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  test('exit code 1 where it was cancelled', async () => {
    const cli = createHarness();
    const running = cli.run('run', 'x');
    await submitted(cli);
    await cli.run('cancel', 'latest');
    expect((await running).exitCode).toBe(1);
  });

  test('Ctrl-C tells that the job goes on, and the second one leaves it running', async () => {
    const cli = createHarness();
    const running = cli.run('run', 'x');
    await cli.until(() => cli.listening() > 0);
    cli.interrupt();
    expect(cli.written.stderr).toContain('claude-orchestrator cancel job_0000000000000001');
    await cli.move('job_0000000000000001', 't1', 'start');
    await cli.until(({ stdout }) => stdout.includes('t1 started'));
    cli.interrupt();
    expect((await running).exitCode).toBe(130);
    expect((await cli.client.status('job_0000000000000001')).status).toBe('running');
    expect(cli.listening()).toBe(0);
  });

  test('watch --json is an object a line, the job at last; it takes the newest that runs', async () => {
    const cli = createHarness();
    expect((await cli.run('watch')).exitCode).toBe(66);
    const id = await cli.submit('t1');
    const running = cli.run('watch', '--json');
    await cli.until(({ stdout }) => stdout.includes('job.submitted'));
    await cli.move(id, 't1', 'finish');
    const lines = (await running).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual(['job.submitted', 'job.status', 'job']);
    expect(lines[2].job.status).toBe('succeeded');
    // A job that has ended is told from its first event on, and is not waited for.
    expect((await cli.run('watch', id, '--plain')).stdout).toMatch(/^\S+ succeeded\n/);
  });

  test('a job that was taken up again is followed to its new end', async () => {
    const cli = createHarness();
    const id = await cli.submit('t1');
    await cli.client.cancel({ job_id: id });
    const seq = (await cli.client.whole(id)).seq;
    // The fixture cannot open a job again: what the client says of it is changed.
    const client = {
      ...cli.client,
      whole: async (one: string) => ({ ...(await cli.client.whole(one)), status: 'running' as const, seq }),
    };
    const over = createHarness({ connect: async () => client });
    const running = over.run('watch', id, '--plain');
    await over.until(({ stdout }) => stdout.includes('cancelled'));
    await cli.move(id, 't1', 'finish');
    expect((await running).stdout).toMatch(/^\S+ cancelled\n\S+ succeeded\n/m);
  });
});

describe('on a terminal', () => {
  test('one view is redrawn in place, and what it shows is not said again at the end', async () => {
    const terminal = testScreen(60, 12);
    const virtual = createVirtualScreen(60, 12);
    const cli = createHarness({ screen: terminal.screen });
    const { stdout } = cli.deps;
    const over = {
      ...cli.deps,
      stdout: (text: string) => {
        virtual.write(text);
        stdout(text);
      },
    };
    const { runCli } = await import('../../../src/presentation/cli/run.ts');
    const id = await cli.submit('one', 'two');
    const running = runCli(['watch', id], over);
    await cli.until(({ stdout }) => stdout.includes('two'));
    await cli.move(id, 'one', 'start');
    await cli.move(id, 'one', 'done');
    await cli.move(id, 'two', 'fail');
    while (!virtual.lines().some((line) => line.includes('✗ two'))) {
      terminal.tick();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(virtual.lines()).toEqual([
      `${id} running · 1m 05s · $0.11`,
      `${'█'.repeat(19)} 50% · 1 failed · 1 done`,
      '✓ one  do one                                    1s   $0.10',
      '✗ two  do two',
    ]);
    cli.interrupt();
    expect(virtual.lines()[1]).toContain('The job goes on');
    expect(virtual.lines().at(-1)).toContain('✗ two');
    await cli.move(id, 'two', 'finish');
    expect(await running).toBe(0);
    expect(virtual.lines().filter((line) => line.includes('✓ one'))).toHaveLength(1);
    expect(virtual.lines().at(-1)).toBe(`next:   git merge orchestrator/${id}`);
    expect(terminal.heard()).toBe(0);
    expect(cli.listening()).toBe(0);
  });

  test('--plain is one line an event there too', async () => {
    const cli = createHarness({ screen: testScreen().screen });
    const id = await cli.submit('t1');
    await cli.move(id, 't1', 'start');
    await cli.client.cancel({ job_id: id });
    const { stdout } = await cli.run('watch', id, '--plain');
    expect(stdout).toMatch(/t1 started\n/);
    expect(stdout).not.toContain('\u001b');
  });

  test('a server that fails while it is looked at ends the view with the error', async () => {
    const cli = createHarness();
    const id = await cli.submit('t1');
    const terminal = testScreen();
    let looks = 0;
    const client = {
      ...cli.client,
      whole: async (one: string) => {
        looks += 1;
        if (looks > 1) throw new Error('secret');
        return cli.client.whole(one);
      },
    };
    const over = createHarness({ connect: async () => client, screen: terminal.screen });
    const running = over.run('watch', id);
    await over.until(({ stdout }) => stdout.includes('t1'));
    await cli.move(id, 't1', 'start');
    while (looks < 2) {
      terminal.tick();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await running).exitCode).toBe(70);
    expect(terminal.heard()).toBe(0);
  });
});
