import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { TASK_STARTS } from '../../domain/taskStarts.ts';

/** What git knows of a worktree: its own data, and the commit that the present task began from. */
export type GitPlace = {
  readonly worktree: string;
  readonly gitDir: string;
  /** True where it is a linked worktree and not somebody's main checkout. */
  readonly linked: boolean;
};

const TIMEOUT_MS = 20_000;
const OUTPUT_BYTES = 64 * 1024 * 1024;

const text = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);
const real = (file: string): Promise<string | undefined> => realpath(file).catch(() => undefined);

/**
 * Both sides are asked: a worktree's `.git` file is believed only where the git data that it names says that it
 * belongs to this worktree. @returns undefined where there is no git.
 */
export const gitPlace = async (worktree: string): Promise<GitPlace | undefined> => {
  const link = path.join(worktree, '.git');
  const said = await text(link);
  if (said === undefined) {
    const gitDir = await real(link);
    return gitDir === undefined ? undefined : { worktree, gitDir, linked: false };
  }
  const target = /^gitdir: (.*?)\r?\n?$/su.exec(said)?.[1];
  const gitDir = target === undefined ? undefined : await real(path.resolve(worktree, target));
  if (gitDir === undefined) return undefined;
  const back = (await text(path.join(gitDir, 'gitdir')))?.trim();
  if (back === undefined || path.resolve(gitDir, back) !== link) return undefined;
  return { worktree, gitDir, linked: true };
};

/** The commit that the present task of this worktree began from; undefined in a checkout that is none of ours. */
export const taskBase = async ({ gitDir, linked }: GitPlace): Promise<string | undefined> => {
  if (!linked) return undefined;
  const log = (await text(path.join(gitDir, 'logs', 'HEAD'))) ?? '';
  const start = log.split('\n').findLast((line) => line.split('\t')[1] === TASK_STARTS);
  return /^[0-9a-f]+ ([0-9a-f]{40,64}) /u.exec(start ?? '')?.[1];
};

/**
 * Runs git for reading: nothing of the repository's or the user's configuration starts a program.
 * @returns standard output; undefined where git could not answer.
 */
export const askGit = async (
  { worktree, gitDir }: GitPlace,
  args: readonly string[],
): Promise<string | undefined> => {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const { stdout, exitCode, failed } = await execa(
    'git',
    ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', ...args],
    {
      cwd: worktree,
      env: {
        ...Object.fromEntries(inherited),
        LC_ALL: 'C',
        GIT_DIR: gitDir,
        GIT_WORK_TREE: worktree,
        GIT_OPTIONAL_LOCKS: '0',
        GIT_TERMINAL_PROMPT: '0',
        GIT_NO_LAZY_FETCH: '1',
      },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      stripFinalNewline: false,
      timeout: TIMEOUT_MS,
      maxBuffer: OUTPUT_BYTES,
    },
  );
  return failed || exitCode !== 0 ? undefined : stdout;
};
