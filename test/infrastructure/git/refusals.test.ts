import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InvalidWorkspaceError } from '../../../src/domain/errors/index.ts';
import { createWorkspaces } from '../../../src/infrastructure/git/workspaces.ts';
import { commit, git, initRepository, scene, tempFolder, write } from './support.ts';

const inside = (folder: string) =>
  createWorkspaces({
    allowedRoots: [join(folder, 'allowed')],
    worktreesDir: join(folder, 'worktrees'),
    stateDir: join(folder, 'allowed', 'state'),
  });

const refused = async (work: Promise<unknown>): Promise<InvalidWorkspaceError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InvalidWorkspaceError)) throw new Error(`not refused: ${String(error)}`);
  expect(error.hint).not.toBe('');
  return error;
};

test('a folder inside an allowed root is taken by its real path, links followed', async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'allowed', 'real'), { recursive: true });
  symlinkSync('real', join(folder, 'allowed', 'link'));
  expect(await inside(folder).check(join(folder, 'allowed', 'link'))).toBe(
    realpathSync(join(folder, 'allowed', 'real')),
  );
});

test('a relative path, a missing folder and a file are refused, each by its reason', async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'allowed'));
  writeFileSync(join(folder, 'allowed', 'file'), '');
  const { check } = inside(folder);
  expect((await refused(check('allowed'))).message).toContain('not an absolute path');
  expect((await refused(check(`${folder}/allowed\0`))).message).toContain('not an absolute path');
  expect((await refused(check(join(folder, 'allowed', 'none')))).message).toContain('does not exist');
  expect((await refused(check(join(folder, 'allowed', 'file')))).message).toContain('is a file');
  expect((await refused(check(join(folder, 'allowed', 'file', 'x')))).message).toContain('does not exist');
});

test('nothing outside the allowed roots is taken, and nothing is told about what is there', async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'allowed'));
  mkdirSync(join(folder, 'allowed-sibling'));
  mkdirSync(join(folder, 'outside'));
  symlinkSync(join(folder, 'outside'), join(folder, 'allowed', 'out'));
  const { check } = inside(folder);
  for (const path of [
    '/',
    '/proc/self/root',
    join(folder, 'allowed-sibling'),
    `${folder}/allowed/../outside`,
    join(folder, 'allowed', 'out'),
    join(folder, 'allowed', 'out', 'missing'),
    join(folder, 'missing'),
  ]) {
    const { message, hint } = await refused(check(path));
    expect(message).toContain('outside the allowed roots');
    // A server that runs does not see a setting that is made now.
    expect(hint).toMatch(/ORCHESTRATOR_ALLOWED_ROOTS .*allowed_roots.*`claude-orchestrator stop`/);
  }
});

test("the orchestrator's own state folder is no workspace", async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'allowed', 'state'), { recursive: true });
  expect((await refused(inside(folder).check(join(folder, 'allowed', 'state')))).message).toContain(
    'orchestrator',
  );
});

test('a worktrees folder inside the state folder is refused before any worktree is made', async () => {
  const { root, folder } = scene();
  const workspaces = createWorkspaces({
    allowedRoots: [root],
    worktreesDir: join(folder, 'state', 'worktrees'),
    stateDir: join(folder, 'state'),
  });
  await expect(workspaces.repository(root)).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
});

test('folders without git, without a commit, bare ones and subfolders are refused with the way out', async () => {
  const folder = tempFolder();
  const allowed = join(folder, 'allowed');
  const { repository } = inside(folder);
  mkdirSync(join(allowed, 'plain'), { recursive: true });
  expect((await refused(repository(join(allowed, 'plain')))).hint).toMatch(/isolation "shared".*git init/);

  git(allowed, 'init', '-q', 'empty');
  expect((await refused(repository(join(allowed, 'empty')))).message).toContain('no commit yet');

  git(allowed, 'init', '-q', '--bare', 'bare.git');
  expect((await refused(repository(join(allowed, 'bare.git')))).message).toContain('bare');

  initRepository(join(allowed, 'repo'), { 'sub/a': 'a' });
  const subfolder = await refused(repository(join(allowed, 'repo', 'sub')));
  expect(subfolder.hint).toContain(JSON.stringify(join(allowed, 'repo')));

  mkdirSync(join(allowed, 'broken'));
  writeFileSync(join(allowed, 'broken', '.git'), 'gitdir: /nowhere\n');
  await refused(repository(join(allowed, 'broken')));
});

test('a checkout in the middle of a merge or a rebase is refused by the name of the operation', async () => {
  const { root, workspaces } = scene();
  git(root, 'checkout', '-q', '-b', 'side');
  commit(root, 'side', { 'a.txt': 'side\n' });
  git(root, 'checkout', '-q', 'main');
  commit(root, 'main', { 'a.txt': 'main\n' });
  expect(() => git(root, 'merge', 'side')).toThrow();
  expect((await refused(workspaces.repository(root))).message).toContain('middle of a merge');
  git(root, 'merge', '--abort');
  expect(() => git(root, 'rebase', 'side')).toThrow();
  expect((await refused(workspaces.repository(root))).message).toContain('middle of a rebase');
});

test('a dirty tree and a detached HEAD work: the base is HEAD, and warnings say so', async () => {
  const { root, base, workspaces } = scene();
  expect((await workspaces.repository(root)).state).toEqual({
    root,
    head: base,
    branch: 'main',
    dirty: false,
    warnings: [],
  });
  git(root, 'checkout', '-q', '--detach');
  write(root, { 'a.txt': 'changed\n', new: '' });
  const { state } = await workspaces.repository(root);
  expect(state).toMatchObject({ head: base, branch: null, dirty: true });
  expect(state.warnings).toHaveLength(2);
  expect(state.warnings[0]).toContain('Uncommitted changes');
});

test("a linked worktree of the user's works as a workspace", async () => {
  const { root, folder } = scene();
  const linked = join(folder, 'linked');
  git(root, 'worktree', 'add', '-q', '-b', 'topic', linked);
  const workspaces = createWorkspaces({
    allowedRoots: [folder],
    worktreesDir: join(folder, 'wt'),
    stateDir: join(folder, 'state'),
  });
  const repository = await workspaces.repository(linked);
  expect(repository.state).toMatchObject({ root: linked, branch: 'topic' });
  const path = await repository.addWorktree('job/lane', repository.state.head);
  expect(await repository.inspect(path, { base: repository.state.head, branch: 'x' })).toMatchObject({
    branch: null,
  });
});

test('a machine without git is told what to install', async () => {
  const { root, folder } = scene();
  const saved = process.env.PATH;
  process.env.PATH = join(folder, 'nothing-here');
  const workspaces = createWorkspaces({
    allowedRoots: [root],
    worktreesDir: join(folder, 'wt'),
    stateDir: join(folder, 's'),
  });
  process.env.PATH = saved;
  await expect(workspaces.repository(root)).rejects.toMatchObject({
    code: 'DEPENDENCY_MISSING',
    hint: /Install git/,
  });
});

test('a worktree that somebody deleted is told as such, and not as a missing git', async () => {
  const { root, base, workspaces } = scene();
  const repository = await workspaces.repository(root);
  const path = await repository.addWorktree('job/lane', base);
  rmSync(path, { recursive: true });
  await expect(repository.commitAll(path, 'x')).rejects.toMatchObject({ code: 'FILE_SYSTEM' });
});
