import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commit, git, head, read, scene, userState, write } from './support.ts';

const withResult = async (
  result: Readonly<Record<string, string>>,
  files?: Readonly<Record<string, string>>,
) => {
  const stage = scene(files);
  const repository = await stage.workspaces.repository(stage.root);
  const path = await repository.addWorktree('job/lane', stage.base);
  await repository.switchTo(path, 'orchestrator/job/t', stage.base);
  write(path, result);
  await repository.commitAll(path, 'result');
  return { ...stage, repository, result: head(path) };
};

test('the branch that the user stands on is moved forward together with its files', async () => {
  const { repository, root, result } = await withResult({ 'a.txt': 'new\n', b: 'b' });
  write(root, { untracked: 'mine' });
  expect(await repository.advance('main', result, 'm')).toBe(result);
  expect(head(root, 'main')).toBe(result);
  expect([read(root, 'a.txt'), read(root, 'untracked')]).toEqual(['new\n', 'mine']);
  expect(git(root, 'status', '--porcelain')).toBe('?? untracked\n');
  expect(await repository.advance('main', result, 'again')).toBe(result);
});

test('a branch that moved meanwhile gets a merge commit that holds both', async () => {
  const { repository, root, result } = await withResult({ b: 'b' });
  const meanwhile = commit(root, 'meanwhile', { c: 'c' });
  const merged = await repository.advance('main', result, 'Merge the job');
  expect(git(root, 'log', '-1', '--format=%P|%s', 'main').trim()).toBe(
    `${meanwhile} ${result}|Merge the job`,
  );
  expect(head(root)).toBe(merged);
  expect([read(root, 'b'), read(root, 'c')]).toEqual(['b', 'c']);
  expect(git(root, 'status', '--porcelain')).toBe('');
});

test('a dirty tree, staged or not, is refused and stays as it is', async () => {
  const { repository, root, result } = await withResult({ b: 'b' });
  write(root, { 'a.txt': 'mine\n' });
  for (const step of [() => undefined, () => git(root, 'add', 'a.txt')]) {
    step();
    const before = userState(root);
    await expect(repository.advance('main', result, 'm')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: /uncommitted changes/,
    });
    expect(userState(root)).toBe(before);
  }
});

test('untracked and ignored files are never written over', async () => {
  const { repository, root, result } = await withResult(
    { '.gitignore': '', '.env': 'from the task', notes: 'from the task' },
    { '.gitignore': '.env\n' },
  );
  write(root, { '.env': 'my secret' });
  const before = userState(root);
  await expect(repository.advance('main', result, 'm')).rejects.toMatchObject({
    code: 'CONFLICT',
    message: /\.env/,
  });
  expect(userState(root)).toBe(before);
  expect(read(root, '.env')).toBe('my secret');
  git(root, 'clean', '-fdxq');
  write(root, { notes: 'mine' });
  await expect(repository.advance('main', result, 'm')).rejects.toMatchObject({
    code: 'CONFLICT',
    message: /notes/,
  });
  expect(read(root, 'notes')).toBe('mine');
  expect(existsSync(join(root, '.env'))).toBe(false);
});

test('a conflict is refused by the names of its files, and nothing has moved', async () => {
  const { repository, root, result } = await withResult({ 'a.txt': 'task\n' });
  commit(root, 'mine', { 'a.txt': 'mine\n' });
  const before = userState(root);
  await expect(repository.advance('main', result, 'm')).rejects.toMatchObject({
    code: 'CONFLICT',
    message: /a\.txt/,
  });
  expect(userState(root)).toBe(before);
});

test('a branch that nobody stands on moves without touching any checkout', async () => {
  const { repository, root, result } = await withResult({ b: 'b' });
  git(root, 'checkout', '-q', '-b', 'elsewhere');
  write(root, { 'a.txt': 'dirty elsewhere\n' });
  expect(await repository.advance('main', result, 'm')).toBe(result);
  expect(head(root, 'main')).toBe(result);
  expect(read(root, 'a.txt')).toBe('dirty elsewhere\n');
  expect(existsSync(join(root, 'b'))).toBe(false);
});

test("a branch checked out in another worktree of the user's moves there, or is refused there", async () => {
  const { repository, root, folder, result } = await withResult({ b: 'b' });
  git(root, 'checkout', '-q', '-b', 'elsewhere');
  const other = join(folder, 'oth er');
  git(root, 'worktree', 'add', '-q', other, 'main');
  write(other, { 'a.txt': 'dirty\n' });
  await expect(repository.advance('main', result, 'm')).rejects.toMatchObject({ code: 'CONFLICT' });
  git(other, 'checkout', '-q', '--', 'a.txt');
  await repository.advance('main', result, 'm');
  expect(read(other, 'b')).toBe('b');
});

test('a branch under rebase, a merge in progress and a missing branch are refused with a reason', async () => {
  const { repository, root, base, result } = await withResult({ b: 'b' });
  git(root, 'checkout', '-q', '-b', 'side', base);
  commit(root, 'side', { 'a.txt': 'side\n' });
  git(root, 'checkout', '-q', 'main');
  commit(root, 'mine', { 'a.txt': 'main\n' });
  expect(() => git(root, 'rebase', 'side')).toThrow();
  await expect(repository.advance('main', result, 'm')).rejects.toMatchObject({ message: /being rebased/ });
  git(root, 'rebase', '--abort');
  expect(() => git(root, 'merge', 'side')).toThrow();
  await expect(repository.advance('main', result, 'm')).rejects.toMatchObject({
    message: /middle of a merge/,
  });
  git(root, 'merge', '--abort');
  await expect(repository.advance('gone', result, 'm')).rejects.toMatchObject({ message: /not there/ });
});

test('a lock of another git is told as a conflict and nothing has moved', async () => {
  const { repository, root, base, result } = await withResult({ b: 'b' });
  writeFileSync(join(root, '.git', 'index.lock'), '');
  await expect(repository.advance('main', result, 'm')).rejects.toMatchObject({
    code: 'CONFLICT',
    hint: /index\.lock/,
  });
  expect(head(root, 'main')).toBe(base);
  expect(existsSync(join(root, 'b'))).toBe(false);
});
