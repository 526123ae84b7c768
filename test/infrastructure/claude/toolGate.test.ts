import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Verdict } from '../../../src/domain/safety/verdict.ts';
import { createToolGate } from '../../../src/infrastructure/safety/toolGate.ts';

/** Real folders: a worktree `wt`, the workspace `ws` that may be read, what is outside, and the state directory. */
const ground = () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'tool-gate-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const at = (name: string): string => path.join(root, name);
  for (const folder of ['wt/src/deep', 'ws', 'outside/sub', 'state'])
    mkdirSync(at(folder), { recursive: true });
  for (const file of ['wt/src/a.ts', 'ws/b.ts', 'outside/secret', 'state/state.db'])
    writeFileSync(at(file), 'x');
  const gate = createToolGate({ protectedRoots: [at('state')] });
  const judge = (tool: string, input: Record<string, unknown>, cwd = at('wt')): Promise<Verdict> =>
    gate.judge({ tool, input, fromSubagent: false }, { cwd, worktree: at('wt'), readRoots: [at('ws')] });
  return {
    at,
    gate,
    judge,
    link: (from: string, to: string) => symlinkSync(to, at(from)),
    writes: async (name: string): Promise<boolean> =>
      (await judge('Write', { file_path: at(name), content: 'x' })).decision === 'allow',
    reads: async (name: string): Promise<boolean> =>
      (await judge('Read', { file_path: at(name) })).decision === 'allow',
  };
};

test('files of the worktree may be read and written, those of the workspace read, all others neither', async () => {
  const g = ground();
  const asked = [
    'wt/src/a.ts',
    'wt/src/new.ts',
    'wt/new/deep/x.ts',
    'ws/b.ts',
    'outside/secret',
    'outside/new',
  ];
  expect(await Promise.all(asked.map(g.writes))).toEqual([true, true, true, false, false, false]);
  expect(await Promise.all(asked.map(g.reads))).toEqual([true, true, true, true, false, false]);
});

test('a link that leads out of the worktree is followed: through it nothing is written or read', async () => {
  const g = ground();
  g.link('wt/file', g.at('outside/secret'));
  g.link('wt/folder', '../outside');
  g.link('wt/chain', 'folder');
  for (const name of [
    'wt/file',
    'wt/folder/new',
    'wt/folder/sub/new',
    'wt/chain/secret',
    'wt/chain/no/where/new',
  ]) {
    expect([name, await g.writes(name)]).toEqual([name, false]);
    expect([name, await g.reads(name)]).toEqual([name, false]);
  }
});

test('a link within the worktree is no hindrance, nor is one into the workspace for a reader', async () => {
  const g = ground();
  g.link('wt/inner', 'src/deep');
  g.link('wt/shared', g.at('ws'));
  expect(await g.writes('wt/inner/new.ts')).toBe(true);
  expect([await g.reads('wt/shared/b.ts'), await g.writes('wt/shared/b.ts')]).toEqual([true, false]);
});

test('a dangling link counts by what it leads to: a write through it would make that file', async () => {
  const g = ground();
  g.link('wt/out', g.at('outside/not-yet'));
  g.link('wt/relative', '../outside/not-yet');
  g.link('wt/twice', 'out');
  g.link('wt/gone', g.at('outside/no/such/folder'));
  for (const name of ['wt/out', 'wt/relative', 'wt/twice', 'wt/gone', 'wt/gone/file'])
    expect([name, await g.writes(name)]).toEqual([name, false]);
  g.link('wt/inside', 'src/not-yet.ts');
  expect(await g.writes('wt/inside')).toBe(true);
});

test('a dangling link that is named through another link leads on from where it really lies', async () => {
  const g = ground();
  g.link('wt/src/deep/up', '../..');
  g.link('wt/out', '../not-yet');
  // The kernel would make `not-yet` beside the worktree; read as text it would lie in wt/src.
  expect(await g.writes('wt/out')).toBe(false);
  expect(await g.writes('wt/src/deep/up/out')).toBe(false);
});

test('a dangling link whose target goes up out of another link leads to where that link leads', async () => {
  const g = ground();
  g.link('wt/folder', '../outside/sub');
  g.link('wt/out', 'folder/../not-yet');
  // The kernel would make outside/not-yet; read as text it would be wt/not-yet.
  expect(await g.writes('wt/out')).toBe(false);
});

test('links that lead in a circle are judged and do not hang', async () => {
  const g = ground();
  g.link('wt/a', 'b');
  g.link('wt/b', 'a');
  g.link('wt/self', 'self/self');
  for (const name of ['wt/a', 'wt/self', 'wt/self/x']) expect(typeof (await g.writes(name))).toBe('boolean');
});

test("the orchestrator's own state is touched by nothing, through a link neither", async () => {
  const g = ground();
  g.link('wt/state', g.at('state'));
  expect([await g.reads('wt/state/state.db'), await g.reads('state/state.db')]).toEqual([false, false]);
  expect((await g.judge('Bash', { command: `cat ${g.at('state/state.db')}` })).decision).not.toBe('allow');
});

test('a relative path starts where the shell of the worker stands', async () => {
  const g = ground();
  const write = (cwd: string, file: string) =>
    g.judge('Bash', { command: `echo x > ${file}` }, g.at(cwd)).then(({ decision }) => decision === 'allow');
  expect(await write('wt/src/deep', '../../ok.txt')).toBe(true);
  expect(await write('wt', '../not-ok.txt')).toBe(false);
});
