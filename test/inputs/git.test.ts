import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OrchestratorError } from '../../src/domain/errors/index.ts';
import { createWorkspaces } from '../../src/infrastructure/git/workspaces.ts';
import { git, head, initRepository, scene, tempFolder, write } from '../infrastructure/git/support.ts';
import { HOSTILE } from './hostile.ts';

/** Everything of that name anywhere below. */
const made = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /(^|\/)x$/.test(name));

test('a workspace may have any name: it is worked in under that name, and nothing in it is run', async () => {
  const folder = tempFolder();
  const names = HOSTILE.filter((name) => !name.includes('/') && !name.startsWith('..'));
  expect(names.length).toBeGreaterThan(12);
  for (const name of names) {
    const root = join(folder, name);
    const base = initRepository(root, { 'a.txt': 'a\n' });
    const workspaces = createWorkspaces({
      allowedRoots: [folder],
      worktreesDir: join(folder, 'cache', 'worktrees'),
      stateDir: join(folder, 'state'),
    });
    expect(await workspaces.check(root)).toBe(root);
    const repository = await workspaces.repository(root);
    const worktree = await repository.addWorktree('job/lane', base);
    expect(head(worktree)).toBe(base);
    await repository.removeWorktree(worktree);
  }
  expect(made(folder)).toEqual([]);
}, 60_000);

test('a workspace that leads out of the allowed roots is refused by every way of saying it', async () => {
  const { folder, workspaces, root } = scene();
  initRepository(join(folder, 'project-evil'), { a: '' });
  for (const way of [
    join(folder, 'project-evil'),
    `${root}/../project-evil`,
    `${root}/./../project-evil`,
    `/proc/self/root${folder}/project-evil`,
    'project',
    '../project',
    '/',
  ])
    await expect(workspaces.check(way), way).rejects.toBeInstanceOf(OrchestratorError);
});

test('what a task is called becomes the text of its commit and nothing else', async () => {
  const { root, base, workspaces } = scene();
  const repository = await workspaces.repository(root);
  const worktree = await repository.addWorktree('job/lane', base);
  for (const [n, text] of HOSTILE.entries()) {
    write(worktree, { 'a.txt': `${n}\n` });
    await repository.commitAll(worktree, `Task ${text}`);
    expect(git(worktree, 'log', '-1', '--format=%B').trim().split(/\s+/)).toEqual(
      `Task ${text}`.trim().split(/\s+/),
    );
  }
  expect(made(worktree)).toEqual([]);
  expect(existsSync(join(root, 'x'))).toBe(false);
}, 60_000);

test('a branch of another name than our own is never made, moved or deleted', async () => {
  const { root, base, workspaces } = scene();
  const repository = await workspaces.repository(root);
  const before = git(root, 'for-each-ref');
  for (const name of ['main', ...HOSTILE, ...HOSTILE.map((text) => `orchestrator/../${text}`)]) {
    await expect(repository.setBranch(name, base), name).rejects.toBeDefined();
    // Refused, or found to be none of ours.
    expect(await repository.deleteBranches([name], base).catch(() => []), name).toEqual([]);
  }
  expect(git(root, 'for-each-ref')).toBe(before);
});
