import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { spawnTree } from '../../../src/infrastructure/process/tree.ts';
import { wrapper } from '../../../src/infrastructure/process/wrapper.ts';
import { environment, gone, living, newMarker, newToken, program, says } from './support.ts';
import { treePromises } from './treePromises.ts';

treePromises('any');

const { isolation } = wrapper();
const owner = fileURLToPath(new URL('./fixtures/owner.ts', import.meta.url));

describe(`a tree isolated by ${isolation}`, () => {
  it('leaves nothing when its owner is killed without a word', async (test) => {
    test.skip(
      isolation !== 'namespace',
      'setpriv and unshare with a PID namespace do not work on this machine',
    );
    const marker = newMarker();
    const owning = spawn(process.execPath, [owner, marker], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(owning, 'exit').then(() => ({ exitCode: null, signal: null }));
    await says({ child: owning, exited }, 'ready');
    expect(living(marker).length).toBeGreaterThan(1);
    owning.kill('SIGKILL');
    await exited;
    await gone(marker);
  });

  it('ends even what dropped its environment and its session', async (test) => {
    test.skip(
      isolation !== 'namespace',
      'setpriv and unshare with a PID namespace do not work on this machine',
    );
    const marker = newMarker();
    const tree = spawnTree({
      command: program('bash'),
      args: [
        '-c',
        '(setsid env -i "$1" -c "$2" &); exec sleep 1000',
        'sh',
        program('bash'),
        `echo ready; sleep 1000; : ${marker}`,
      ],
      cwd: '/',
      env: environment,
      runToken: newToken(),
    });
    await says(tree, 'ready');
    expect(living(marker).length).toBeGreaterThan(0);
    await tree.end({ graceMs: 1000 });
    expect(living(marker)).toEqual([]);
  });

  it('numbers its processes so that two trees do not meet in temporary names', async (test) => {
    test.skip(
      isolation !== 'namespace' || !existsSync('/proc/sys/kernel/ns_last_pid'),
      'this kernel cannot number processes',
    );
    const numberOf = async (): Promise<string> => {
      const tree = spawnTree({
        command: program('bash'),
        args: ['-c', 'echo "[$$]"; read -r x'],
        cwd: '/',
        env: environment,
        runToken: newToken(),
      });
      const said = await says(tree, ']');
      await tree.end({ graceMs: 1000 });
      return said;
    };
    expect(await numberOf()).not.toBe(await numberOf());
  });

  it('gives the command a first process above it, and not its privileges', async () => {
    const tree = spawnTree({
      command: program('bash'),
      args: ['-c', 'echo "[$$] $(grep ^CapAmb /proc/self/status)" end'],
      cwd: '/',
      env: environment,
      runToken: newToken(),
    });
    const said = await says(tree, 'end');
    expect(said).not.toContain('[1]');
    expect(said).toContain('CapAmb:\t0000000000000000');
    await tree.end({ graceMs: 1000 });
  });
});
