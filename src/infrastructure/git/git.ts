import { execa } from 'execa';
import { type Environment, gitEnvironment } from './environment.ts';
import { gitFailure } from './failure.ts';
import { exists } from './layout.ts';

/**
 * Where a git process works. With `gitDir` git does no discovery: a worker can replace the `.git` file of
 * its worktree by one that names a repository with hooks and filters of its own, and we would run them.
 */
export type Place = { readonly cwd: string; readonly gitDir?: string };

export type GitCall = Place & {
  readonly args: readonly string[];
  readonly env?: Environment;
  readonly input?: string;
  /** Exit codes that are answers and not failures, besides 0. */
  readonly allow?: readonly number[];
  /** Characters of output kept; what is above is cut and not a failure. */
  readonly limit?: number;
};

export type GitAnswer = {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly cut: boolean;
};

/**
 * Runs one git process.
 * @throws MissingDependencyError no git · ConflictError somebody holds a lock · InsufficientResourcesError
 * disk full · FileSystemError any other exit code
 */
export type Git = (call: GitCall) => Promise<GitAnswer>;

/** Nothing that the user's configuration would start, sign or collect in the middle of our work. */
const OVERRIDES = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.logAllRefUpdates=true',
  'commit.gpgSign=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'rerere.enabled=false',
  // A machine without git-lfs checks out pointers in place of failing. A `process` filter that does not
  // start is fatal whatever `required` says; the one-file commands, which git-lfs sets as well, are not.
  'filter.lfs.required=false',
  'filter.lfs.process=',
].flatMap((setting) => ['-c', setting]);

/** No git call of ours takes long; one that hangs (a dead network file system) must not hold a job for ever. */
const TIMEOUT_MS = 2 * 60_000;
const OUTPUT_LIMIT = 256 * 1024 * 1024;

/**
 * @param own the environment of this process
 * @param settings further `name=value` pairs for every call
 */
export const createGit = (
  own: Readonly<Record<string, string | undefined>>,
  settings: readonly string[] = [],
): Git => {
  const environment = gitEnvironment(own);
  const leading = [...OVERRIDES, ...settings.flatMap((setting) => ['-c', setting])];
  return async (call) => {
    const place = call.gitDir === undefined ? {} : { GIT_DIR: call.gitDir, GIT_WORK_TREE: call.cwd };
    const result = await execa('git', [...leading, ...call.args], {
      cwd: call.cwd,
      env: { ...environment, ...place, ...call.env },
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
      timeout: TIMEOUT_MS,
      maxBuffer: call.limit ?? OUTPUT_LIMIT,
      ...(call.input === undefined ? { stdin: 'ignore' } : { input: call.input }),
    });
    const answer = {
      stdout: result.stdout ?? '',
      stderr: result.stderr ?? '',
      exitCode: result.exitCode ?? -1,
      cut: result.isMaxBuffer,
    };
    const good =
      (answer.cut && call.limit !== undefined) ||
      answer.exitCode === 0 ||
      (call.allow ?? []).includes(answer.exitCode);
    // A missing working folder and a missing git are the same error to the system.
    if (!good) throw gitFailure(call, answer, { ...result, folderGone: !(await exists(call.cwd)) });
    return answer;
  };
};

/** Splits `-z` output. */
export const fields = (output: string): readonly string[] => {
  const parts = output.split('\0');
  return parts.at(-1) === '' ? parts.slice(0, -1) : parts;
};
