import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, describe, expect, it } from 'vitest';
import { procfs } from '../../../src/infrastructure/process/procfs.ts';
import { ps } from '../../../src/infrastructure/process/ps.ts';
import { endByToken, residentBytes, sweep } from '../../../src/infrastructure/process/tokens.ts';
import { type ProcessTree, spawnTree } from '../../../src/infrastructure/process/tree.ts';
import { carriersOf, DEADLINE, environment, newToken, program, says } from './support.ts';

const started: { kill(signal: 'SIGKILL'): boolean }[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A process that says when it is there, with just these variables. */
const carrier = async (
  env: Record<string, string>,
  script = 'echo ready; exec sleep 1000',
): Promise<number> => {
  const child = spawn(program('bash'), ['-c', script], {
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const exited = once(child, 'exit').then(() => ({ exitCode: null, signal: null }));
  await says({ child, exited }, 'ready');
  if (child.pid === undefined) throw new Error('it did not start');
  return child.pid;
};

const pidsOf = (token: string): readonly number[] => carriersOf(token).map(({ pid }) => pid);

describe('finding by token', () => {
  it('finds the processes whose variable has exactly this value', async () => {
    const token = newToken();
    const pid = await carrier({ ORCHESTRATOR_RUN_TOKEN: token });
    await carrier({ ORCHESTRATOR_RUN_TOKEN: `${token}0` });
    await carrier({ ORCHESTRATOR_RUN_TOKEN: token.slice(0, -1) });
    await carrier({ OTHER_ORCHESTRATOR_RUN_TOKEN: token, OTHER: `x ORCHESTRATOR_RUN_TOKEN=${token}` });
    expect(pidsOf(token)).toEqual([pid]);
  });

  it.each(['first', 'last'])('finds the variable where it stands %s in the environment', async (where) => {
    const token = newToken();
    const env =
      where === 'first'
        ? { ORCHESTRATOR_RUN_TOKEN: token, ...environment, Z: 'z' }
        : { ...environment, ORCHESTRATOR_RUN_TOKEN: token };
    const child = spawn(program('sleep'), ['1000'], { env, stdio: 'ignore' });
    started.push(child);
    await expect.poll(() => pidsOf(token), DEADLINE).toEqual([child.pid]);
  });

  it('finds it behind an environment larger than the buffer', async () => {
    const token = newToken();
    const pad = Object.fromEntries([1, 2, 3].map((n) => [`A${n}`, 'x'.repeat(100_000)]));
    const pid = await carrier({ ...pad, ORCHESTRATOR_RUN_TOKEN: token });
    expect(pidsOf(token)).toEqual([pid]);
  });

  it('finds our own process only where it carries the token', async () => {
    const script = fileURLToPath(new URL('./fixtures/findSelf.ts', import.meta.url));
    const token = newToken();
    const without = await execa(process.execPath, [script, token], { env: {} });
    const carrying = await execa(process.execPath, [script, token], {
      env: { ORCHESTRATOR_RUN_TOKEN: token },
    });
    expect([without.stdout, carrying.stdout]).toEqual(['false', 'true']);
  });

  it('does not count a process that is dead and not yet collected', async () => {
    const token = newToken();
    // The parent never waits: `exec` leaves it with a child that it does not know.
    await carrier(
      { ORCHESTRATOR_RUN_TOKEN: token },
      'true & echo ready; exec env -u ORCHESTRATOR_RUN_TOKEN sleep 1000',
    );
    await expect.poll(() => pidsOf(token), DEADLINE).toEqual([]);
  });
});

describe('ending by token', () => {
  it('ends every carrier, the stubborn ones after the grace, and tells who ended', async () => {
    const token = newToken();
    const meek = await carrier({ ORCHESTRATOR_RUN_TOKEN: token });
    const stubborn = await carrier(
      { ORCHESTRATOR_RUN_TOKEN: token },
      'trap "" TERM; echo ready; while :; do sleep 1000; done',
    );
    const { ended, survivors } = await endByToken(token, { graceMs: 200 });
    expect(ended).toEqual(expect.arrayContaining([meek, stubborn]));
    expect(survivors).toEqual([]);
    expect(pidsOf(token)).toEqual([]);
  });

  it('spares what it is told to spare, and the processes that hold it', async () => {
    const token = newToken();
    const tree: ProcessTree = spawnTree({
      command: program('bash'),
      args: ['-c', '(setsid sleep 1000 &); echo ready; read -r line'],
      cwd: '/',
      env: environment,
      runToken: token,
    });
    await says(tree, 'ready');
    const inner = await tree.innerPid();
    await expect
      .poll(() => carriersOf(token).some(({ command }) => command === 'sleep 1000'), DEADLINE)
      .toBe(true);
    const { ended } = await endByToken(token, { except: [inner], graceMs: 5000 });
    expect(ended.length).toBeGreaterThan(0);
    expect(tree.child.exitCode ?? tree.child.signalCode).toBeNull();
    expect(carriersOf(token).some(({ command }) => command === 'sleep 1000')).toBe(false);
    expect(pidsOf(token)).toContain(inner);
    await tree.end({ graceMs: 5000 });
  });

  it('sweeps what many runs left behind, and nothing else', async () => {
    const tokens = [newToken(), newToken()];
    const other = newToken();
    const pids = await Promise.all(tokens.map((token) => carrier({ ORCHESTRATOR_RUN_TOKEN: token })));
    const bystander = await carrier({ ORCHESTRATOR_RUN_TOKEN: other });
    const { ended } = await sweep(tokens, { graceMs: 5000 });
    expect([...ended].sort()).toEqual([...pids].sort());
    expect(pidsOf(other)).toEqual([bystander]);
  });
});

describe('the table of processes', () => {
  it('tells the memory of a process, and 0 where there is none', async () => {
    expect(await residentBytes(process.pid)).toBeGreaterThan(10 * 1024 * 1024);
    expect(await residentBytes(0)).toBe(0);
    expect(await residentBytes(2 ** 30)).toBe(0);
  });

  it('is the same by ps as by /proc', async (test) => {
    test.skip(process.platform !== 'linux', 'there is no /proc to compare with');
    const token = newToken();
    const pid = await carrier({ ORCHESTRATOR_RUN_TOKEN: token });
    expect(ps.carriers(new Set([token])).map((found) => found.pid)).toEqual([pid]);
    expect(ps.startTime(pid)).toBe(ps.carriers(new Set([token]))[0]?.startTime);
    expect(ps.startTime(2 ** 30)).toBeUndefined();
    expect(ps.parent(pid)).toBe(procfs.parent(pid));
    expect(ps.children(pid)).toEqual(procfs.children(pid));
    expect(ps.children(process.pid)).toContain(pid);
    expect(ps.residentBytes(pid)).toBeGreaterThan(0);
  });
});
