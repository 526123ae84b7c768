import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { FILES } from './files.ts';
import { VERIFY_ALL } from './tasks.ts';

/** Git without the user's own configuration: no signing, no hooks, no other default branch. */
const ENVIRONMENT = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

/** Runs git in a folder. @returns its output, trimmed. */
export const git = async (cwd: string, ...args: readonly string[]): Promise<string> =>
  (await execa('git', args, { cwd, env: ENVIRONMENT })).stdout.trim();

/** Writes the example repository with one commit on `main`. @returns that commit. */
export const makeRepository = async (folder: string): Promise<string> => {
  await mkdir(folder, { recursive: true });
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await git(folder, 'init', '--quiet', '--initial-branch=main', '--template=');
  // In the repository itself, so that the server's commits there need nobody's own configuration.
  await git(folder, 'config', 'user.name', 'Demo');
  await git(folder, 'config', 'user.email', 'demo@example.invalid');
  await git(folder, 'config', 'commit.gpgsign', 'false');
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--message', 'A small shop with failing tests');
  return git(folder, 'rev-parse', 'HEAD');
};

export type TestRun = { readonly passed: number; readonly failed: number; readonly green: boolean };

/** Runs the repository's own tests in a folder, as its verification command does. */
export const runTests = async (folder: string): Promise<TestRun> => {
  const [program = 'node', ...args] = VERIFY_ALL.split(' ');
  // Under a test runner of Node's own, this variable would make the inner run report to the outer one.
  const env = { NODE_TEST_CONTEXT: undefined };
  const result = await execa(program, [...args, '--test-reporter=tap'], { cwd: folder, env, reject: false });
  const count = (name: string): number =>
    Number(new RegExp(`^# ${name} (\\d+)`, 'm').exec(result.stdout)?.[1] ?? 0);
  return { passed: count('pass'), failed: count('fail'), green: result.exitCode === 0 && count('pass') > 0 };
};
