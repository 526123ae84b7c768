import { chmodSync, existsSync, mkdirSync, readdirSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, read, scene, write } from './support.ts';

const lane = async (files: Readonly<Record<string, string>>) => {
  const stage = scene(files);
  const repository = await stage.workspaces.repository(stage.root);
  const path = await repository.addWorktree('job/lane', stage.base);
  await repository.switchTo(path, 'orchestrator/job/t', stage.base);
  return { ...stage, repository, path };
};

test('ignored files and folders come along with their modes, and what is missing is told', async () => {
  const { repository, path, root } = await lane({
    '.gitignore': '.env\ncache/\n-odd *\n:(none)*\n',
    'cache/tracked': 'old',
  });
  write(root, { '.env': 'SECRET=1', 'cache/deep/tool': '#!', '-odd "n\name': 'x', ':(none)x': 'x' });
  git(root, 'add', '-f', 'cache/tracked');
  chmodSync(join(root, '.env'), 0o600);
  chmodSync(join(root, 'cache/deep/tool'), 0o755);
  expect(
    await repository.copyInto(path, [
      '.env',
      'cache/',
      './-odd "n\name',
      ':(none)x',
      'nothing',
      'cache/none',
    ]),
  ).toEqual(['nothing', 'cache/none']);
  expect(read(path, '.env')).toBe('SECRET=1');
  expect(statSync(join(path, '.env')).mode & 0o777).toBe(0o600);
  expect(statSync(join(path, 'cache/deep/tool')).mode & 0o777).toBe(0o755);
  expect(existsSync(join(path, '-odd "n\name'))).toBe(true);
  expect(git(path, 'status', '--porcelain')).toBe('');
});

test('tracked files are left as the commit has them', async () => {
  const { repository, path, root } = await lane({ 'a.txt': 'a\n', '.gitignore': 'cache\n' });
  write(root, { 'a.txt': 'dirty\n' });
  expect(await repository.copyInto(path, ['a.txt'])).toEqual([]);
  expect(read(path, 'a.txt')).toBe('a\n');
});

test('a file that the base does not ignore is refused: the next commit would take it along', async () => {
  const { repository, path, root } = await lane({ 'a.txt': 'a\n' });
  write(root, { '.env': 'SECRET', '.gitignore': '.env\n' });
  await expect(repository.copyInto(path, ['.env'])).rejects.toMatchObject({ code: 'WORKSPACE_INVALID' });
  expect(existsSync(join(path, '.env'))).toBe(false);
});

test('nothing from outside the checkout is copied, by path or by link', async () => {
  const { repository, path, root, folder } = await lane({ '.gitignore': 'ignored\nlink\ndir\n' });
  write(folder, { secret: 's' });
  symlinkSync(join(folder, 'secret'), join(root, 'link'));
  for (const file of ['link', '../secret', join(folder, 'secret'), '.git/config', '.git', '.']) {
    await expect(repository.copyInto(path, [file])).rejects.toMatchObject({ code: 'WORKSPACE_INVALID' });
  }
  mkdirSync(join(root, 'dir'));
  write(root, { 'dir/real': 'r' });
  symlinkSync('real', join(root, 'dir', 'inner'));
  symlinkSync(join(folder, 'secret'), join(root, 'dir', 'out'));
  symlinkSync(join(root, 'dir', 'real'), join(root, 'dir', 'back'));
  await repository.copyInto(path, ['dir']);
  expect(readdirSync(join(path, 'dir')).sort()).toEqual(['inner', 'real']);
  expect(readlinkSync(join(path, 'dir', 'inner'))).toBe('real');
});

test("the workspace's CLAUDE.md is read up to 32 kB, whole characters, and never through a link that leaves", async () => {
  const { root, folder, workspaces } = scene();
  expect(await workspaces.guidance(root)).toBeUndefined();
  write(root, { 'CLAUDE.md': `x${'ü'.repeat(20_000)}` });
  const text = await workspaces.guidance(root);
  expect(text).toBe(`x${'ü'.repeat((32 * 1024 - 2) / 2)}`);
  write(folder, { 'other.md': 'outside' });
  git(root, 'clean', '-fdq');
  symlinkSync(join(folder, 'other.md'), join(root, 'CLAUDE.md'));
  expect(await workspaces.guidance(root)).toBeUndefined();
});
