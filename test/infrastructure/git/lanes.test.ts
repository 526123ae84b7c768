import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commit, git, head, initRepository, read, scene, userState, write } from './support.ts';

const lane = async (files?: Readonly<Record<string, string>>) => {
  const stage = scene(files);
  const repository = await stage.workspaces.repository(stage.root);
  const path = await repository.addWorktree('job/lane-1', stage.base);
  await repository.switchTo(path, 'orchestrator/job/t1', stage.base);
  const since = { base: stage.base, branch: 'orchestrator/job/t1' };
  return { ...stage, repository, path, since };
};

test('nothing of one task reaches the next but ignored files', async () => {
  const { repository, path, base } = await lane({ 'a.txt': 'a\n', '.gitignore': 'node_modules/\n' });
  write(path, {
    'a.txt': 'changed',
    untracked: 'u',
    staged: 's',
    'node_modules/m': 'm',
    secret: 'x',
    '.gitignore': 'node_modules/\nsecret\n',
  });
  git(path, 'add', 'staged');
  initRepository(join(path, 'nested'), { n: 'n' });
  await repository.switchTo(path, 'orchestrator/job/t2', base);
  expect(git(path, 'status', '--porcelain', '--ignored')).toBe('!! node_modules/\n');
  expect(read(path, 'a.txt')).toBe('a\n');
  expect(git(path, 'branch', '--show-current')).toBe('orchestrator/job/t2\n');
});

test('a merge left open is gone after a switch, and the branch moves where it was there', async () => {
  const { repository, path, base, root } = await lane();
  const theirs = commit(root, 'theirs', { 'a.txt': 'theirs\n' });
  write(path, { 'a.txt': 'ours\n' });
  const ours = await repository.commitAll(path, 'ours');
  await repository.startMerge(path, theirs);
  await repository.switchTo(path, 'orchestrator/job/t1', base);
  expect(git(path, 'status', '--porcelain')).toBe('');
  expect(head(path)).toBe(base);
  expect(ours).not.toBe(base);
});

test('everything is committed: changed, new, deleted, with odd names and modes, and nothing is left', async () => {
  const { repository, path, base } = await lane({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
  const names = [
    '-f',
    '--',
    ':(top)',
    '*',
    'sp ace',
    'quo"te\'',
    'new\nline',
    'ünïcødé 🦄',
    '\\back',
    'tab\t',
  ];
  for (const name of names) writeFileSync(join(path, name), name);
  rmSync(join(path, 'b.txt'));
  const message = '# not a comment\n\nTask: t1\nwith "quotes" and ünïcødé';
  const made = await repository.commitAll(path, message);
  expect(made).toBe(head(path));
  expect(git(path, 'log', '-1', '--format=%B').trim()).toBe(message);
  expect(git(path, 'status', '--porcelain')).toBe('');
  expect(new Set(await repository.changedFiles(base, head(path)))).toEqual(new Set([...names, 'b.txt']));
});

test('any file name survives commit, listing and snapshot', async () => {
  const { repository, path, base } = await lane();
  const name = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 40 })
    .map((text) => text.replaceAll(/[\0/\ud800-\udfff]/g, '_'))
    .filter(
      (text) =>
        !['.', '..'].includes(text) && !/^\.?git/i.test(text.normalize('NFKC').replaceAll(/[^ -~]/g, '')),
    );
  await fc.assert(
    fc.asyncProperty(name, async (file) => {
      await repository.switchTo(path, 'orchestrator/job/t1', base);
      writeFileSync(join(path, file), 'content');
      expect((await repository.inspect(path, { base, branch: 'orchestrator/job/t1' })).uncommitted).toEqual([
        file,
      ]);
      expect(await repository.changedFiles(base, await repository.snapshot(path, base))).toEqual([file]);
      await repository.commitAll(path, 'odd');
      expect(await repository.changedFiles(base, head(path))).toEqual([file]);
    }),
    { numRuns: 15 },
  );
});

test('nothing to commit is told, and makes no commit', async () => {
  const { repository, path, base } = await lane({ '.gitignore': 'x\n' });
  write(path, { x: 'ignored' });
  expect(await repository.commitAll(path, 'none')).toBeUndefined();
  expect(head(path)).toBe(base);
});

test('commits work where git does not know who the user is, and keep the name where it does', async () => {
  const { repository, path, root } = await lane();
  const saved = process.env.GIT_CONFIG_GLOBAL;
  process.env.GIT_CONFIG_GLOBAL = '/dev/null';
  try {
    const { createWorkspaces } = await import('../../../src/infrastructure/git/workspaces.ts');
    const anew = () =>
      createWorkspaces({
        allowedRoots: [root],
        worktreesDir: join(root, '..', 'wt'),
        stateDir: join(root, '..', 's'),
      }).repository(root);
    write(path, { one: '1' });
    await (await anew()).commitAll(path, 'one');
    expect(git(path, 'log', '-1', '--format=%an %ae %cn')).toBe(
      'Claude Orchestrator claude-orchestrator@localhost Claude Orchestrator\n',
    );
    git(root, 'config', 'user.name', 'Ada');
    git(root, 'config', 'user.email', 'ada@test');
    write(path, { two: '2' });
    await (await anew()).commitAll(path, 'two');
    expect(git(path, 'log', '-1', '--format=%an %ae')).toBe('Ada ada@test\n');
  } finally {
    if (saved === undefined) delete process.env.GIT_CONFIG_GLOBAL;
    else process.env.GIT_CONFIG_GLOBAL = saved;
  }
  expect(repository.state.root).toBe(root);
});

test('a repository made inside the worktree is refused and not committed as a bare link', async () => {
  const { repository, path } = await lane();
  initRepository(join(path, 'nested'), { n: 'n' });
  await expect(repository.commitAll(path, 'x')).rejects.toMatchObject({ code: 'TASK_EXECUTION' });
  rmSync(join(path, 'nested', '.git'), { recursive: true });
  await repository.commitAll(path, 'x');
  expect(git(path, 'show', 'HEAD:nested/n')).toBe('n');
});

test('inspect names what no commit holds, new files one by one, ignored ones not', async () => {
  const { repository, path, base, since } = await lane({ 'a.txt': 'a\n', '.gitignore': 'ignored\n' });
  write(path, { 'a.txt': 'b', 'new/x': '', 'new/y': '', ignored: '' });
  expect(await repository.inspect(path, since)).toEqual({
    topLevel: path,
    branch: since.branch,
    head: base,
    uncommitted: ['a.txt', 'new/x', 'new/y'],
    foreignBranches: [],
    leftBranch: false,
  });
});

test('a commit on a foreign branch is seen, also where the worker came back to its own', async () => {
  const { repository, path, since, root } = await lane();
  git(root, 'branch', 'bystander');
  commit(path, 'fine', { ok: '1' });
  commit(path, 'fine too', { ok: '2' });
  expect(await repository.inspect(path, since)).toMatchObject({ foreignBranches: [], leftBranch: false });
  git(path, 'checkout', '-q', '-b', 'stray');
  commit(path, 'stray', { stray: '1' });
  git(path, 'checkout', '-q', since.branch);
  git(path, 'reset', '-q', '--hard', since.base);
  expect(await repository.inspect(path, since)).toMatchObject({
    head: since.base,
    foreignBranches: ['stray'],
    leftBranch: true,
  });
});

test("a push of the work to the user's branch is seen without HEAD having moved there", async () => {
  const { repository, path, since } = await lane();
  commit(path, 'one', { one: '1' });
  git(path, 'commit', '-q', '--amend', '-m', 'amended');
  git(path, 'update-ref', 'refs/heads/main', 'HEAD');
  expect(await repository.inspect(path, since)).toMatchObject({
    foreignBranches: ['main'],
    leftBranch: false,
  });
});

test("taking the user's newer commits in is no foreign commit", async () => {
  const { repository, path, since, root } = await lane();
  commit(root, 'newer', { newer: '1' });
  git(path, 'merge', '-q', 'main');
  expect(await repository.inspect(path, since)).toMatchObject({ foreignBranches: [], leftBranch: false });
  commit(path, 'own', { own: '1' });
  commit(root, 'newest', { newest: '1' });
  git(path, 'merge', '-q', '-m', 'merged', 'main');
  git(path, 'rebase', '-q', 'main');
  expect(await repository.inspect(path, since)).toMatchObject({ foreignBranches: [], leftBranch: false });
});

test('what the task before did on branches is not held against the next one', async () => {
  const { repository, path, base } = await lane();
  git(path, 'checkout', '-q', '-b', 'stray');
  commit(path, 'stray', { stray: '1' });
  await repository.switchTo(path, 'orchestrator/job/t2', base);
  const since = { base, branch: 'orchestrator/job/t2' };
  expect(await repository.inspect(path, since)).toMatchObject({ foreignBranches: [], leftBranch: false });
});

test("a worktree whose .git was replaced shows another top level, and the fake one's settings never run", async () => {
  const { repository, path, since, folder } = await lane();
  rmSync(join(path, '.git'));
  git(path, 'init', '-q');
  git(path, 'config', 'core.fsmonitor', `touch "${folder}/pwned"; false`);
  git(path, 'config', 'filter.x.clean', `touch "${folder}/pwned"; cat`);
  write(path, { '.gitattributes': '* filter=x\n', b: 'b' });
  const state = await repository.inspect(path, since);
  expect(state.topLevel).not.toBe(path);
  expect(state.branch).toBe(since.branch);
  await repository.commitAll(path, 'b');
  await repository.snapshot(path, since.base);
  expect(() => read(folder, 'pwned')).toThrow();
});

test('a snapshot holds the live state and touches neither files nor index', async () => {
  const { repository, path, base } = await lane({ 'a.txt': 'a\n', 'gone.txt': 'g\n' });
  write(path, { 'a.txt': 'staged\n' });
  git(path, 'add', 'a.txt');
  write(path, { 'a.txt': 'live\n', new: 'n' });
  rmSync(join(path, 'gone.txt'));
  const index = readFileSync(join(git(path, 'rev-parse', '--absolute-git-dir').trim(), 'index'));
  const before = git(path, 'status', '--porcelain=v2');
  const live = await repository.snapshot(path, base);
  expect(readFileSync(join(git(path, 'rev-parse', '--absolute-git-dir').trim(), 'index'))).toEqual(index);
  expect(git(path, 'status', '--porcelain=v2')).toBe(before);
  expect(git(path, 'show', `${live}:a.txt`)).toBe('live\n');
  expect([...(await repository.changedFiles(base, live))]).toEqual(['a.txt', 'gone.txt', 'new']);
  expect(git(path, 'rev-parse', `${live}^`).trim()).toBe(base);
});

test("all work in lanes leaves the user's dirty checkout as it was, byte for byte", async () => {
  const { repository, path, base, root } = await lane();
  write(root, { 'a.txt': 'unstaged\n', untracked: 'u', staged: 's' });
  git(root, 'add', 'staged');
  mkdirSync(join(root, 'empty'));
  const before = userState(root);
  write(path, { 'a.txt': 'task\n' });
  const made = await repository.commitAll(path, 'task');
  await repository.snapshot(path, base);
  await repository.setBranch('orchestrator/result', made ?? base);
  await repository.merge(base, made ?? base, 'm');
  await repository.switchTo(path, 'orchestrator/job/t2', base);
  await repository.deleteBranches(['orchestrator/job/t1'], base);
  await repository.removeWorktree(path);
  expect(userState(root)).toBe(before);
  expect(read(root, 'untracked')).toBe('u');
});
