import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { type Commit, commitSchema } from '../../../src/domain/ids.ts';
import { createWorkspaces } from '../../../src/infrastructure/git/workspaces.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export const tempFolder = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'git-test-')));
  folders.push(folder);
  return folder;
};

/** Git as a user runs it: no global settings, so that the machine has no say in the outcome. */
export const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'User',
      GIT_AUTHOR_EMAIL: 'user@test',
      GIT_COMMITTER_NAME: 'User',
      GIT_COMMITTER_EMAIL: 'user@test',
    },
  });

export const write = (root: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
};

export const read = (root: string, name: string): string => readFileSync(join(root, name), 'utf8');

export const head = (cwd: string, name = 'HEAD'): Commit =>
  commitSchema.parse(git(cwd, 'rev-parse', '--verify', `${name}^{commit}`).trim());

/** Commits everything in a checkout by the user's hand. */
export const commit = (
  cwd: string,
  message: string,
  files: Readonly<Record<string, string>> = {},
): Commit => {
  write(cwd, files);
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-q', '--allow-empty', '-m', message);
  return head(cwd);
};

export const initRepository = (root: string, files: Readonly<Record<string, string>>): Commit => {
  mkdirSync(root, { recursive: true });
  git(root, 'init', '-q', '-b', 'main');
  return commit(root, 'start', files);
};

/** A user's repository, and the adapter with folders of its own, all in one temporary folder. */
export const scene = (files: Readonly<Record<string, string>> = { 'a.txt': 'a\n' }) => {
  const folder = tempFolder();
  const root = join(folder, 'project');
  const base = initRepository(root, files);
  const worktreesDir = join(folder, 'cache', 'worktrees');
  const workspaces = createWorkspaces({
    allowedRoots: [root],
    worktreesDir,
    stateDir: join(folder, 'state'),
  });
  return { folder, root, base, worktreesDir, workspaces };
};

/** All that a user could lose: branches, HEAD, index, files, stashes and settings. */
export const userState = (root: string): string =>
  [
    git(
      root,
      'for-each-ref',
      '--format=%(refname) %(objectname)',
      'refs/heads/main',
      'refs/stash',
      'refs/tags',
    ),
    git(root, 'symbolic-ref', 'HEAD'),
    git(root, 'diff'),
    git(root, 'diff', '--cached'),
    git(root, 'status', '--porcelain=v2', '--ignored', '-z'),
    git(root, 'config', '--local', '--list'),
  ].join('\n--\n');
