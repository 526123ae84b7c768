import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { git, head, initRepository, read, scene, tempFolder, userState, write } from './support.ts';

test('eight worktrees asked for at once are all made, each at its commit', async () => {
  const { root, base, workspaces, worktreesDir } = scene();
  // Two jobs on one repository have two objects and one queue.
  const two = [await workspaces.repository(root), await workspaces.repository(root)];
  const before = userState(root);
  const paths = await Promise.all(
    Array.from({ length: 8 }, (_, n) => two[n % 2]?.addWorktree(`job${n % 2}/lane-${n}`, base)),
  );
  expect(new Set(paths).size).toBe(8);
  for (const path of paths) {
    expect(head(String(path))).toBe(base);
    expect(String(path).startsWith(`${worktreesDir}/`)).toBe(true);
  }
  expect(userState(root)).toBe(before);
  await Promise.all(paths.map((path, n) => two[(n + 1) % 2]?.removeWorktree(String(path))));
  expect(await workspaces.kept()).toEqual([]);
  expect(git(root, 'worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
  expect(userState(root)).toBe(before);
});

const traceLine = z.object({ event: z.string(), time: z.string(), argv: z.array(z.string()).optional() });

test('worktrees of one repository are made one at a time: no two git processes overlap', async () => {
  const traces = tempFolder();
  process.env.GIT_TRACE2_EVENT = traces;
  const { root, base, workspaces } = scene();
  delete process.env.GIT_TRACE2_EVENT;
  const two = [await workspaces.repository(root), await workspaces.repository(root)];
  await Promise.all(Array.from({ length: 8 }, (_, n) => two[n % 2]?.addWorktree(`job/lane-${n}`, base)));
  const spans = readdirSync(traces).flatMap((name) => {
    const lines = read(traces, name)
      .trim()
      .split('\n')
      .map((line) => traceLine.parse(JSON.parse(line)));
    const adds = lines.some(
      (line) => line.event === 'start' && line.argv?.includes('worktree') && line.argv.includes('add'),
    );
    return adds ? [{ start: lines[0]?.time ?? '', end: lines.at(-1)?.time ?? '' }] : [];
  });
  spans.sort((a, b) => (a.start < b.start ? -1 : 1));
  expect(spans.length).toBeGreaterThanOrEqual(8);
  for (const [n, span] of spans.entries()) expect(span.start >= (spans[n - 1]?.end ?? '')).toBe(true);
});

test('a folder that is already there is never written over: the worktree takes the next name', async () => {
  const { root, base, workspaces, worktreesDir } = scene();
  write(worktreesDir, { 'job/lane/precious': 'the only copy' });
  const path = await (await workspaces.repository(root)).addWorktree('job/lane', base);
  expect(path).toBe(join(worktreesDir, 'job', 'lane-2'));
  expect(read(worktreesDir, 'job/lane/precious')).toBe('the only copy');
});

test('a worktree is removed with whatever is in it: changes, read-only folders, another repository, a lock', async () => {
  const { root, base, workspaces } = scene();
  const repository = await workspaces.repository(root);
  const path = await repository.addWorktree('job/lane', base);
  write(path, { 'a.txt': 'changed', 'cache/mod/x': 'x' });
  initRepository(join(path, 'nested'), { n: 'n' });
  chmodSync(join(path, 'cache', 'mod'), 0o500);
  git(root, 'worktree', 'lock', path);
  await repository.removeWorktree(path);
  expect(existsSync(path)).toBe(false);
  expect(git(root, 'worktree', 'list', '--porcelain')).not.toContain(path);
});

test('a worktree whose folder was deleted by hand is made anew under the same name', async () => {
  const { root, base, workspaces } = scene();
  const repository = await workspaces.repository(root);
  const path = await repository.addWorktree('job/lane', base);
  rmSync(path, { recursive: true });
  expect(await repository.addWorktree('job/lane', base)).toBe(path);
  expect(head(path)).toBe(base);
});

test('no folder outside the worktrees folder is ever removed', async () => {
  const { root, folder, workspaces, worktreesDir } = scene();
  const repository = await workspaces.repository(root);
  for (const path of [root, folder, worktreesDir, join(worktreesDir, '..')]) {
    await expect(repository.removeWorktree(path)).rejects.toMatchObject({ code: 'INTERNAL' });
  }
  await expect(repository.addWorktree('../out', repository.state.head)).rejects.toMatchObject({
    code: 'INTERNAL',
  });
  expect(existsSync(join(root, 'a.txt'))).toBe(true);
});

test("the user's hooks do not run in worktrees", async () => {
  const { root, base, workspaces } = scene();
  for (const hook of [
    'post-checkout',
    'pre-commit',
    'commit-msg',
    'post-commit',
    'reference-transaction',
    'post-index-change',
  ]) {
    writeFileSync(
      join(root, '.git', 'hooks', hook),
      `#!/bin/sh\necho ${hook} >> "${root}/hooks-ran"\nexit 1\n`,
      { mode: 0o755 },
    );
  }
  const repository = await workspaces.repository(root);
  const path = await repository.addWorktree('job/lane', base);
  await repository.switchTo(path, 'orchestrator/job/t', base);
  write(path, { b: 'b' });
  await repository.commitAll(path, 'b');
  expect(existsSync(join(root, 'hooks-ran'))).toBe(false);
});

test('kept worktrees are listed from the disk with job and repository', async () => {
  const { root, base, workspaces, worktreesDir } = scene();
  expect(await workspaces.kept()).toEqual([]);
  const path = await (await workspaces.repository(root)).addWorktree('job_1/lane-1', base);
  mkdirSync(join(worktreesDir, 'job_2', 'torso'), { recursive: true });
  expect(await workspaces.kept()).toEqual(
    expect.arrayContaining([
      { path, repository: root, jobId: 'job_1' },
      { path: join(worktreesDir, 'job_2', 'torso'), repository: '', jobId: 'job_2' },
    ]),
  );
});
