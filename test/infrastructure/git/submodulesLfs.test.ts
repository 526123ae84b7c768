import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createWorkspaces } from '../../../src/infrastructure/git/workspaces.ts';
import { commit, git, head, initRepository, read, scene, tempFolder, write } from './support.ts';

const withSubmodule = () => {
  const folder = tempFolder();
  initRepository(join(folder, 'inner'), { i: 'i' });
  initRepository(join(folder, 'library'), { l: '1' });
  git(join(folder, 'library'), 'submodule', 'add', '-q', join(folder, 'inner'), 'in ner');
  commit(join(folder, 'library'), 'inner');
  const root = join(folder, 'project');
  initRepository(root, { a: 'a' });
  git(root, 'submodule', 'add', '-q', join(folder, 'library'), 'lib rary');
  git(root, 'submodule', 'update', '-q', '--init', '--recursive');
  const base = commit(root, 'library');
  const workspaces = createWorkspaces({
    allowedRoots: [folder],
    worktreesDir: join(folder, 'wt'),
    stateDir: join(folder, 'state'),
  });
  return { folder, root, base, workspaces };
};

test("submodules come from the user's own clones, nested ones too, with the origins gone", async () => {
  const { folder, root, base, workspaces } = withSubmodule();
  const config = read(root, '.git/config');
  renameSync(join(folder, 'library'), join(folder, 'library-gone'));
  renameSync(join(folder, 'inner'), join(folder, 'inner-gone'));
  const repository = await workspaces.repository(root);
  expect(repository.state.warnings).toEqual([]);
  const path = await repository.addWorktree('job/lane', base);
  expect(read(path, 'lib rary/l')).toBe('1');
  expect(read(path, 'lib rary/in ner/i')).toBe('i');
  write(path, { 'lib rary/left': 'x', 'lib rary/l': 'changed' });
  await repository.switchTo(path, 'orchestrator/job/t', base);
  expect(git(path, 'status', '--porcelain')).toBe('');
  expect(existsSync(join(path, 'lib rary/left'))).toBe(false);
  expect(read(root, '.git/config')).toBe(config);
});

test("a commit made inside a submodule outlives the worktree in the user's clone", async () => {
  const { root, base, workspaces } = withSubmodule();
  const repository = await workspaces.repository(root);
  const path = await repository.addWorktree('job/lane', base);
  await repository.switchTo(path, 'orchestrator/job/t', base);
  const inner = commit(join(path, 'lib rary'), 'inside', { l: '2' });
  await repository.commitAll(path, 'bump');
  await repository.removeWorktree(path);
  expect(git(join(root, 'lib rary'), 'show', `${inner}:l`)).toBe('2');
  expect(git(root, 'rev-parse', 'orchestrator/job/t:lib rary').trim()).toBe(inner);
});

test('a submodule that the user never cloned is a warning and an empty folder', async () => {
  const { folder, root } = withSubmodule();
  git(folder, 'clone', '-q', root, 'bare-minded');
  const clone = join(folder, 'bare-minded');
  const workspaces = createWorkspaces({
    allowedRoots: [folder],
    worktreesDir: join(folder, 'wt'),
    stateDir: join(folder, 'state'),
  });
  const repository = await workspaces.repository(clone);
  expect(repository.state.warnings).toEqual([expect.stringContaining('"lib rary" is empty')]);
  const path = await repository.addWorktree('job/lane', repository.state.head);
  expect(readdirSync(join(path, 'lib rary'))).toEqual([]);
  await repository.switchTo(path, 'orchestrator/job/t', repository.state.head);
  expect(await repository.commitAll(path, 'x')).toBeUndefined();
  expect(repository.state.warnings).toHaveLength(1);
});

test('git-lfs pointers stay pointers, with a warning, on a machine without git-lfs', async () => {
  const { root, workspaces } = scene({ a: 'a' });
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 3\n`;
  const base = commit(root, 'lfs', { '.gitattributes': '*.bin filter=lfs -text\n', 'x.bin': pointer });
  git(root, 'config', 'filter.lfs.clean', 'no-such-git-lfs clean -- %f');
  git(root, 'config', 'filter.lfs.smudge', 'no-such-git-lfs smudge -- %f');
  git(root, 'config', 'filter.lfs.process', 'no-such-git-lfs filter-process');
  git(root, 'config', 'filter.lfs.required', 'true');
  const repository = await workspaces.repository(root);
  expect(repository.state.warnings).toEqual([expect.stringContaining('git-lfs')]);
  const path = await repository.addWorktree('job/lane', base);
  expect(read(path, 'x.bin')).toBe(pointer);
  write(path, { a: 'b' });
  await repository.switchTo(path, 'orchestrator/job/t', base);
  write(path, { a: 'b' });
  await repository.commitAll(path, 'b');
  expect(await repository.changedFiles(base, head(path))).toEqual(['a']);
});
