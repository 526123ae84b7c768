import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endServersAfterwards, recordFile, recordOf, serversOf } from '../support/localServer.ts';
import { eventually, workersOf } from '../support/processes.ts';
import { bash, makeSandbox, type Sandbox, says } from '../support/sandbox.ts';
import { PROGRAM } from '../support/server.ts';
import { onTerminal } from '../support/terminal.ts';

type Ran = { readonly code: number | null; readonly out: string; readonly err: string };
type Running = { readonly child: ChildProcess; out(): string; err(): string; readonly ended: Promise<Ran> };

/** The built program on pipes, in the user's repository. */
const start = (sandbox: Sandbox, args: readonly string[], input = ''): Running => {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: sandbox.repository,
    env: sandbox.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  child.stdin.end(input);
  const ended = new Promise<Ran>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  return { child, out: () => out, err: () => err, ended };
};
const run = (sandbox: Sandbox, args: readonly string[], input?: string): Promise<Ran> =>
  start(sandbox, args, input).ended;

const PLAN = `
# two tasks, one after the other
request: Make two files.
tasks:
  - id: one
    prompt: |
      First. ${bash('echo one > one.txt')}${says('made one')}
  - id: two
    prompt: |
      Second. ${bash('echo two > two.txt')}${says('made two')}
    depends_on: [one]
    verify: test -e one.txt
`;

describe('the command line on the built program', () => {
  it('runs a plan to its end and says what came of it, each command for itself', async () => {
    const sandbox = await makeSandbox();
    endServersAfterwards(sandbox);
    const done = await run(sandbox, ['run', '--plan', '-'], PLAN);
    expect(done.code, done.err).toBe(0);
    const id = /job_[0-9a-z]{16}/.exec(done.out + done.err)?.[0] ?? '';
    // A pipe gets lines, neither colours nor a cursor that moves.
    expect(done.out + done.err).not.toContain('\u001b');
    expect(done.out + done.err).toMatch(/two done/);

    const json = async (...args: string[]) => {
      const { code, out, err } = await run(sandbox, [...args, '--json']);
      expect(code, err).toBe(0);
      return JSON.parse(out);
    };
    expect(await json('status', 'latest')).toMatchObject({ job_id: id, status: 'succeeded' });
    expect(await json('list')).toMatchObject({ jobs: [{ job_id: id }] });
    expect(await json('result', id.slice(0, 10))).toMatchObject({
      job_id: id,
      output: expect.stringContaining('made two'),
    });
    const diff = await run(sandbox, ['diff', id]);
    expect(diff.out).toContain('+++ b/two.txt');
    expect((await run(sandbox, ['logs', id, 'two'])).out).toContain('made two');
    expect(await json('dashboard')).toMatchObject({
      url: expect.stringMatching(/^http:\/\/(localhost|127\.0\.0\.1):\d+\//),
    });
    expect(serversOf(sandbox)).toHaveLength(1);
  });

  it('a job that fails is exit code 1, a wrong id 66, a wrong plan 65 with its place', async () => {
    const sandbox = await makeSandbox();
    endServersAfterwards(sandbox);
    const failed = await run(sandbox, [
      'run',
      'Fail.',
      '--task',
      `a: Do. ${says('nothing')}`,
      '--task-verify',
      'a=false',
    ]);
    expect(failed.code, failed.err).toBe(1);
    expect((await run(sandbox, ['status', 'job_0000000000000000'])).code).toBe(66);
    const wrong = await run(
      sandbox,
      ['run', '--plan', '-'],
      'request: x\ntasks:\n  - id: a\n    prompt: p\n    depend_on: [b]\n',
    );
    expect(wrong.code).toBe(65);
    expect(wrong.err).toMatch(/5:\d+/);
    const asJson = await run(sandbox, ['status', 'job_0000000000000000', '--json']);
    expect(JSON.parse(asJson.err)).toMatchObject({ error: { code: 'JOB_NOT_FOUND' } });
  });

  it('Ctrl-C leaves the job running, and it is followed and steered from another shell', async () => {
    const sandbox = await makeSandbox();
    endServersAfterwards(sandbox);
    const wait = `touch ${sandbox.root}/working; echo waiting; while [ ! -e ${sandbox.root}/go ]; do sleep 0.1; done; echo x > x.txt`;
    const first = start(sandbox, ['run', 'Wait.', '--task', `w: Wait. ${bash(wait)}${says('over')}`]);
    await eventually('the worker at work', () => existsSync(path.join(sandbox.root, 'working')));
    first.child.kill('SIGINT');
    await eventually('word of how to go on', () => (first.out() + first.err()).includes('watch'));
    first.child.kill('SIGINT');
    await first.ended;
    const [id = ''] = /job_[0-9a-z]{16}/.exec(first.out() + first.err()) ?? [];
    expect(id).not.toBe('');
    const watching = start(sandbox, ['watch', id]);
    const logs = start(sandbox, ['logs', id, 'w', '-f']);
    await eventually('the live log', () => logs.out().includes('touch'));
    writeFileSync(path.join(sandbox.root, 'go'), '');
    expect((await watching.ended).code).toBe(0);
    expect(await logs.ended).toMatchObject({ code: 0, out: expect.stringContaining('over') });
  });

  it('a cancelled job leaves no process', async () => {
    const sandbox = await makeSandbox();
    endServersAfterwards(sandbox);
    const wait = `touch ${sandbox.root}/working; while :; do sleep 0.2; done`;
    const started = await run(sandbox, [
      'run',
      'Wait.',
      '--detach',
      '--json',
      '--task',
      `w: Wait. ${bash(wait)}`,
    ]);
    const { job_id: id } = JSON.parse(started.out);
    await eventually('the worker at work', () => existsSync(path.join(sandbox.root, 'working')));
    expect((await run(sandbox, ['cancel', id])).code).toBe(0);
    expect(workersOf(sandbox.root)).toEqual([]);
    expect(JSON.parse((await run(sandbox, ['status', id, '--json'])).out)).toMatchObject({
      status: 'cancelled',
    });
  });

  it('completing a word and looking at the help starts nothing', async () => {
    const sandbox = await makeSandbox({ proven: false });
    const completed = await run(sandbox, ['complete', '--', 'st']);
    expect(completed.out).toMatch(/status[\s\S]*steer/);
    expect((await run(sandbox, ['complete', '--', 'status', ''])).code).toBe(0);
    for (const script of ['bash', 'zsh', 'fish'])
      expect((await run(sandbox, ['completion', script])).out).toContain('claude-orchestrator');
    expect((await run(sandbox, ['--help'])).code).toBe(0);
    expect(existsSync(path.join(sandbox.root, 'state'))).toBe(false);
    expect(serversOf(sandbox)).toEqual([]);
  });
});

describe('stop', () => {
  it('ends the server and waits until it is gone, and says so where none runs', async () => {
    const sandbox = await makeSandbox();
    endServersAfterwards(sandbox);
    expect(await run(sandbox, ['stop'])).toMatchObject({ code: 0, out: 'No server runs.\n', err: '' });
    await run(sandbox, ['list']);
    const { pid, url } = recordOf(sandbox);
    const stopped = await run(sandbox, ['stop', '--json']);
    expect(stopped).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(stopped.out)).toEqual({ stopped: true, pid, url });
    expect(serversOf(sandbox)).toEqual([]);
    expect(existsSync(recordFile(sandbox))).toBe(false);
    expect(JSON.parse((await run(sandbox, ['stop', '--json'])).out)).toEqual({ stopped: false });
  });

  it('waits for a running task, until a second one with --now ends the server at once', async () => {
    const sandbox = await makeSandbox();
    endServersAfterwards(sandbox);
    const wait = `touch ${sandbox.root}/working; while :; do sleep 0.2; done`;
    await run(sandbox, ['run', 'Wait.', '--detach', '--task', `w: Wait. ${bash(wait)}`]);
    await eventually('the worker at work', () => existsSync(path.join(sandbox.root, 'working')));
    const patient = start(sandbox, ['stop']);
    await eventually('word of the wait', () => /up to 30 s.*stop --now/.test(patient.err()));
    expect(serversOf(sandbox)).toHaveLength(1);
    const began = performance.now();
    expect(await run(sandbox, ['stop', '--now'])).toMatchObject({ code: 0, err: '' });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(await patient.ended).toMatchObject({ code: 0, out: expect.stringContaining('has ended') });
    expect(serversOf(sandbox)).toEqual([]);
    expect(workersOf(sandbox.root)).toEqual([]);
  });

  it('signals no process that only stands in a stale record', async () => {
    const sandbox = await makeSandbox();
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    onTestFinished(() => void stranger.kill('SIGKILL'));
    mkdirSync(path.dirname(recordFile(sandbox)), { recursive: true });
    const stale = { pid: stranger.pid, url: 'http://127.0.0.1:9', token: 'x'.repeat(32), version: '0.0.1' };
    writeFileSync(recordFile(sandbox), JSON.stringify(stale));
    expect(await run(sandbox, ['stop', '--now'])).toMatchObject({ code: 0, out: 'No server runs.\n' });
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });

  it('the first Ctrl-C of serve on a terminal says what it waits for', async () => {
    const sandbox = await makeSandbox();
    endServersAfterwards(sandbox);
    const CTRL_C = '\u0003';
    const { shown } = await onTerminal(sandbox, ['serve'], [[/Serving at /, CTRL_C]]);
    expect(shown).toContain('running tasks get up to 30 s; Ctrl-C again ends at once');
    expect(existsSync(recordFile(sandbox))).toBe(false);
    expect(serversOf(sandbox)).toEqual([]);
  });
});

it('a running server is used by the command line as it is, whatever its environment', async () => {
  const sandbox = await makeSandbox();
  endServersAfterwards(sandbox);
  await run(sandbox, ['list']);
  const { pid } = recordOf(sandbox);
  const elsewhere = { ...sandbox, env: { ...sandbox.env, ORCHESTRATOR_MAX_WORKERS: '1' } };
  expect((await run(elsewhere, ['list'])).code).toBe(0);
  expect(recordOf(sandbox).pid).toBe(pid);
});
