import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Verdict } from '../../../src/domain/safety/verdict.ts';
import { TASK_STARTS } from '../../../src/domain/taskStarts.ts';
import { createToolGate, type ToolGateOptions } from '../../../src/infrastructure/safety/toolGate.ts';

const WHO = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

export const temporary = (): string => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'safety-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
};

/** A repository with these files, and a linked worktree in which a task has begun as the orchestrator begins it. */
export const taskGround = (
  files: Readonly<Record<string, string>>,
  options: Omit<ToolGateOptions, 'protectedRoots'> = {},
) => {
  const root = temporary();
  const repository = path.join(root, 'repository');
  const worktree = path.join(root, 'worktree');
  const git = (cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string =>
    execFileSync('git', [...args], {
      cwd,
      env: { PATH: process.env.PATH ?? '', HOME: root, ...WHO, ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const put = (folder: string, name: string, text = 'x'): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  mkdirSync(repository);
  git(repository, ['init', '--quiet', '--initial-branch=main']);
  for (const [name, text] of Object.entries(files)) put(repository, name, text);
  git(repository, ['add', '--all']);
  git(repository, ['commit', '--quiet', '--allow-empty', '-m', 'begin']);
  git(repository, ['worktree', 'add', '--quiet', '--detach', worktree]);
  git(worktree, ['checkout', '--quiet', '--force', '-B', 'orchestrator/tasks/j/t', 'HEAD', '--'], {
    GIT_REFLOG_ACTION: TASK_STARTS,
  });
  const gate = createToolGate({ protectedRoots: [path.join(root, 'state')], ...options });
  const judgeIn = (folder: string, tool: string, input: Record<string, unknown>): Promise<Verdict> =>
    gate.judge(
      { tool, input, fromSubagent: false },
      { cwd: folder, worktree: folder, readRoots: [repository] },
    );
  return {
    root,
    repository,
    worktree,
    git,
    put: (name: string, text?: string) => put(worktree, name, text),
    judgeIn,
    run: (command: string) => judgeIn(worktree, 'Bash', { command }),
  };
};
