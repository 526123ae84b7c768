import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandOutcome } from '../../../src/application/ports/commandRunner.ts';
import { WorkerSpawnError } from '../../../src/domain/errors/index.ts';
import { type RunToken, runTokenSchema } from '../../../src/domain/ids.ts';
import { processTable } from '../../../src/infrastructure/process/currentTable.ts';
import { createCommandRunner } from '../../../src/infrastructure/verify/commandRunner.ts';

const DEADLINE = { timeout: 30_000, interval: 20 };
const LONG = 120_000;

let cwd: string;
let tokens: RunToken[];
let count = 0;
beforeEach(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'command-runner-')));
  tokens = [];
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const newToken = (): RunToken => {
  count += 1;
  const token = runTokenSchema.parse(`run_${String(process.pid * 1000 + count).padStart(16, '0')}`);
  tokens.push(token);
  return token;
};

const runner = createCommandRunner({
  baseEnv: { PATH: process.env.PATH ?? '', BASE: 'base', BOTH: 'base' },
  ids: { runToken: newToken },
});

type Options = Partial<Parameters<typeof runner.run>[0]>;
const run = (command: string, o: Options = {}): Promise<CommandOutcome> =>
  runner.run({ command, cwd, env: {}, timeoutMs: LONG, signal: new AbortController().signal, ...o });

const left = (): number => processTable.carriers(new Set(tokens)).length;

describe('a command', () => {
  it('runs in its folder, with the base environment, what the run adds, and nothing of ours', async () => {
    process.env.OF_OURS = 'secret';
    const said = await run('pwd; echo "$BASE $BOTH $ADDED [$OF_OURS] $ORCHESTRATOR_RUN_TOKEN"', {
      env: { BOTH: 'run', ADDED: 'run' },
    });
    expect(said.output).toBe(`${cwd}\nbase run run [] ${tokens[0]}\n`);
    expect(said).toMatchObject({ exitCode: 0, timedOut: false, failingTests: undefined });
    expect(said.seconds).toBeGreaterThan(0);
  });

  it('tells both streams in the order in which they were written', async () => {
    const { output } = await run('for n in 1 2 3 4 5; do echo out $n; echo err $n >&2; done');
    expect(output).toBe([1, 2, 3, 4, 5].map((n) => `out ${n}\nerr ${n}\n`).join(''));
  });

  it.each([
    ['its exit code', 'exit 3', 3],
    ['127 where it is not found', 'no-such-command-anywhere', 127],
    ['2 where the shell does not understand it', 'if then', 2],
    ['128 and the number of the signal that ended it', 'kill -9 $$', 137],
  ])('tells %s', async (_what, command, exitCode) => {
    expect(await run(command)).toMatchObject({ exitCode, timedOut: false });
  });

  it('has nothing on its input, so that a question does not wait for ever', async () => {
    expect(await run('read -r answer || echo none')).toMatchObject({ exitCode: 0, output: 'none\n' });
  });

  it('leaves no background process behind', async () => {
    const said = await run(
      '(setsid sh -c "trap \\"\\" TERM; while :; do sleep 1000; done" &) ; sleep 1000 & echo started',
    );
    expect(said).toMatchObject({ exitCode: 0, output: 'started\n' });
    expect(left()).toBe(0);
  });

  it('is ended at its deadline with all that it started, and what it said is kept', async () => {
    const said = await run('echo before; (setsid sleep 1000 &); sleep 1000; echo after', { timeoutMs: 1500 });
    expect(said).toMatchObject({
      exitCode: null,
      timedOut: true,
      output: 'before\n',
      failingTests: undefined,
    });
    expect(left()).toBe(0);
  });

  it('is ended when the caller aborts, whose reason comes back', async () => {
    const caller = new AbortController();
    const running = run('(setsid sleep 1000 &); sleep 1000', { signal: caller.signal });
    await expect.poll(left, DEADLINE).toBeGreaterThanOrEqual(2);
    const reason = new Error('cancelled');
    caller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(left()).toBe(0);
  });

  it('does not start for a caller who has aborted before', async () => {
    const reason = new Error('cancelled');
    await expect(run('touch here', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(tokens).toEqual([]);
  });

  it('that cannot be started at all is a spawn error with a hint', async () => {
    const failed = run('true', { cwd: join(cwd, 'missing') });
    await expect(failed).rejects.toBeInstanceOf(WorkerSpawnError);
    await expect(failed).rejects.toMatchObject({ retryable: true, hint: expect.stringContaining('folder') });
  });

  it('tells failing tests from the middle of an output that is cut there', async () => {
    const { output, failingTests } = await run(
      'yes "noise noise noise noise" | head -n 20000; echo "FAILED t.py::middle - x"; yes "noise noise" | head -n 40000; exit 1',
    );
    expect(output).not.toContain('middle');
    expect(output).toMatch(/\[… \d+ bytes cut …\]/);
    expect(Buffer.byteLength(output)).toBeLessThan(257 * 1024);
    expect(failingTests).toEqual(['t.py::middle']);
  });

  it('tells failing tests from a report file that it wrote, by names without its folder', async () => {
    const report = '<testsuite><testcase name="PWD/a.test.js"><failure/></testcase></testsuite>';
    await writeFile(join(cwd, 'report.txt'), report);
    const write = 'mkdir -p test-results; sed "s#PWD#$PWD#" report.txt > test-results/junit.xml; exit 1';
    expect((await run(write)).failingTests).toEqual(['a.test.js']);
    expect((await run('exit 1')).failingTests).toBeUndefined();
  });

  it('that was cut short excuses nothing by the names that it told before', async () => {
    expect((await run('echo "FAILED t.py::first - x"; exit 1')).failingTests).toEqual(['t.py::first']);
    expect((await run('echo "FAILED t.py::first - x"; kill -SEGV $$')).failingTests).toBeUndefined();
    expect(
      (await run('echo "FAILED t.py::first - x"; sleep 1000', { timeoutMs: 1500 })).failingTests,
    ).toBeUndefined();
  });

  it('is read by the configured pattern', async () => {
    const configured = createCommandRunner({
      baseEnv: { PATH: process.env.PATH ?? '' },
      ids: { runToken: newToken },
      testNamePattern: /^BROKEN (.+)$/,
    });
    const said = await configured.run({
      command: 'echo BROKEN it; exit 1',
      cwd,
      env: {},
      timeoutMs: LONG,
      signal: new AbortController().signal,
    });
    expect(said.failingTests).toEqual(['it']);
  });

  it('that prints one line of 100 MB costs us less than 30 MB', async () => {
    const script = fileURLToPath(new URL('./fixtures/flood.ts', import.meta.url));
    const { stdout } = await execa(process.execPath, [script]);
    const said: unknown = JSON.parse(stdout);
    expect(said).toMatchObject({ exitCode: 0, tail: 'xend\n' });
    expect(said).toHaveProperty(
      'rise',
      expect.toSatisfy((rise: number) => rise < 30 * 1024 * 1024),
    );
    expect(said).toHaveProperty(
      'length',
      expect.toSatisfy((length: number) => length < 257 * 1024),
    );
  });
});
