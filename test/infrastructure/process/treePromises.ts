import { afterEach, describe, expect, it } from 'vitest';
import { type ProcessTree, spawnTree } from '../../../src/infrastructure/process/tree.ts';
import type { Isolation } from '../../../src/infrastructure/process/wrapper.ts';
import {
  carriersOf,
  DEADLINE,
  environment,
  gone,
  living,
  newMarker,
  newToken,
  program,
  says,
} from './support.ts';

/** What a tree promises on every system, whatever the kernel helps with. */
export const treePromises = (isolation: Isolation | 'any'): void => {
  const trees: ProcessTree[] = [];
  const start = (script: string, args: readonly string[] = []): ProcessTree & { token: string } => {
    const token = newToken();
    const tree = spawnTree({
      command: program('bash'),
      args: ['-c', script, ...args],
      cwd: '/',
      env: environment,
      runToken: token,
    });
    trees.push(tree);
    return { ...tree, token };
  };
  afterEach(async () => {
    await Promise.all(trees.splice(0).map((tree) => tree.end({ graceMs: 0 })));
  });

  describe('a tree', () => {
    it('tells what isolates it', () => {
      const tree = start('exit 0');
      if (isolation !== 'any') expect(tree.isolation).toBe(isolation);
    });

    it('runs the command with its input, output, exit code and token', async () => {
      const tree = start('read -r line; echo "$line $ORCHESTRATOR_RUN_TOKEN"; exit 7');
      const said = says(tree, tree.token);
      tree.child.stdin?.end('hello\n');
      expect(await said).toBe(`hello ${tree.token}\n`);
      expect(await tree.exited).toEqual({ exitCode: 7, signal: null });
    });

    it('passes arguments on as they are', async () => {
      const tree = start('printf "%s|" "$@"; echo end', ['sh', 'a b', '$HOME', '-x', '']);
      expect(await says(tree, 'end')).toBe('a b|$HOME|-x||end\n');
    });

    it('ends a grandchild that has its own session, lost its parent and ignores SIGTERM', async () => {
      const marker = newMarker();
      const stubborn = `trap "" TERM; echo ready; while :; do sleep 1000; done # ${marker}`;
      const tree = start('(setsid bash -c "$1" &); exec sleep 1000', ['sh', stubborn]);
      await says(tree, 'ready');
      expect(living(marker).length).toBeGreaterThan(0);
      expect(carriersOf(tree.token).some(({ command }) => command.includes('sleep 1000'))).toBe(true);
      await tree.end({ graceMs: 5000 });
      expect(carriersOf(tree.token)).toEqual([]);
      expect(living(marker)).toEqual([]);
    });

    it('gives SIGTERM first, so that a process can put its things in order', async () => {
      const tree = start('trap "echo tidied; exit 3" TERM; echo ready; while :; do sleep 0.1; done');
      await says(tree, 'ready');
      const tidied = says(tree, 'tidied');
      await tree.end({ graceMs: 30_000 });
      expect(await tidied).toContain('tidied');
      expect(await tree.exited).toEqual({ exitCode: 3, signal: null });
    });

    it('ends a process that ignores SIGTERM when the grace is over', async () => {
      const tree = start('trap "" TERM; echo ready; while :; do sleep 1000; done');
      await says(tree, 'ready');
      await tree.end({ graceMs: 100 });
      expect(carriersOf(tree.token)).toEqual([]);
    });

    it('ends a process that is stopped', async () => {
      const tree = start('echo ready; kill -STOP $$; sleep 1000');
      await says(tree, 'ready');
      await expect.poll(() => carriersOf(tree.token).length, DEADLINE).toBeGreaterThan(0);
      await tree.end({ graceMs: 100 });
      expect(carriersOf(tree.token)).toEqual([]);
    });

    it('is over as a whole when its first process ends', async () => {
      const marker = newMarker();
      const tree = start('bash -c "echo ready; sleep 1000; : $1" & read -r line', ['sh', marker]);
      await says(tree, 'ready');
      expect(living(marker).length).toBeGreaterThan(1);
      tree.child.stdin?.end('\n');
      await tree.exited;
      await gone(marker);
    });

    it('hears kill() in every process of its group', async () => {
      const tree = start(
        'trap : TERM; bash -c "trap \'echo inner; exit 0\' TERM; echo ready; while :; do sleep 0.1; done"; exit 5',
      );
      await says(tree, 'ready');
      const inner = says(tree, 'inner');
      expect(tree.child.kill('SIGTERM')).toBe(true);
      expect(tree.child.killed).toBe(true);
      await inner;
      await tree.exited;
      expect(tree.child.kill('SIGTERM')).toBe(false);
    });

    it('can be ended many times, also after its end', async () => {
      const tree = start('echo ready; sleep 1000');
      await says(tree, 'ready');
      await Promise.all([tree.end({ graceMs: 5000 }), tree.end({ graceMs: 5000 })]);
      await tree.end({ graceMs: 5000 });
      expect(tree.child.exitCode ?? tree.child.signalCode).not.toBeNull();
    });

    it('knows the process of the command itself', async () => {
      const tree = start('echo ready; exec sleep 1000');
      await says(tree, 'ready');
      const inner = await tree.innerPid();
      await expect
        .poll(() => carriersOf(tree.token).find(({ pid }) => pid === inner)?.command, DEADLINE)
        .toBe('sleep 1000');
    });

    it.each([
      ['a command that is not there', { command: '/no/such/program', cwd: '/' }, 'ENOENT'],
      ['a folder that is not there', { command: program('sh'), cwd: '/no/such/folder' }, 'ENOENT'],
      ['a folder in place of a command', { command: '/proc', cwd: '/' }, 'EACCES'],
    ])('tells %s as an error, and never as an exit', async (_what, what, code) => {
      const tree = spawnTree({ ...what, args: [], env: environment, runToken: newToken() });
      const error = new Promise((resolve) => tree.child.once('error', resolve));
      expect(await error).toMatchObject({ code });
      expect(tree.pid).toBe(0);
      expect(await tree.exited).toEqual({ exitCode: null, signal: null });
      await tree.end({ graceMs: 0 });
    });

    it('tells a command line that is too long as an error', async () => {
      const tree = spawnTree({
        command: program('sh'),
        args: ['x'.repeat(4 * 1024 * 1024)],
        cwd: '/',
        env: environment,
        runToken: newToken(),
      });
      const error = new Promise((resolve) => tree.child.once('error', resolve));
      expect(await error).toMatchObject({ code: 'E2BIG' });
    });
  });
};
