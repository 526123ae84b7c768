import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Options } from '@anthropic-ai/claude-agent-sdk';
import { execa } from 'execa';
import { MissingDependencyError } from '../../domain/errors/index.ts';
import { findProgram } from '../process/findProgram.ts';
import { wrapper } from '../process/wrapper.ts';

export type SandboxMode = 'auto' | 'on' | 'off';
type SandboxSettings = NonNullable<Options['sandbox']>;

const PROBE_MS = 5000;

export type SandboxOptions = {
  readonly mode: SandboxMode;
  /** Folders that no command of a worker may read or write: the state directory. */
  readonly hidden: readonly string[];
  /** A folder for files that workers read and do not write. */
  readonly lists: string;
};

/**
 * The sandbox of a worker in `cwd`, and what its environment needs for it; no settings where there is none.
 * @throws MissingDependencyError where it is demanded and cannot work here.
 */
export const sandboxFor = async (
  o: SandboxOptions | undefined,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{
  readonly settings: SandboxSettings | undefined;
  readonly env: Readonly<Record<string, string>>;
}> => {
  const none = { settings: undefined, env: {} };
  if (o === undefined || o.mode === 'off') return none;
  const obstacle = await sandboxObstacle(env.PATH);
  if (obstacle === undefined)
    return { settings: await sandboxOf(cwd, o.hidden), env: await ignoreMasked(o.lists, env) };
  if (o.mode === 'auto') return none;
  throw new MissingDependencyError(`ORCHESTRATOR_SANDBOX is on, but ${obstacle}.`, {
    hint: 'Install bubblewrap and socat, or set ORCHESTRATOR_SANDBOX to auto.',
  });
};

let probed: Promise<string | undefined> | undefined;

/**
 * Whether the CLI's sandbox can work for a worker here: bubblewrap must start within the wrapper that workers run in.
 * Asked once a process. @returns why not; undefined where it works.
 */
export const sandboxObstacle = (searchPath: string | undefined): Promise<string | undefined> => {
  probed ??= probe(searchPath);
  return probed;
};

const probe = async (searchPath: string | undefined): Promise<string | undefined> => {
  // On macOS the CLI uses what the system brings along.
  if (process.platform === 'darwin') return undefined;
  if (process.platform !== 'linux') return 'there is no sandbox for this system';
  const bwrap = findProgram('bwrap', searchPath, '/');
  if (bwrap === undefined) return 'bubblewrap (bwrap) is not installed';
  if (findProgram('socat', searchPath, '/') === undefined) return 'socat is not installed';
  const { command, args } = wrapper().wrap({
    command: bwrap,
    args: ['--unshare-all', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', 'true'],
  });
  const { exitCode, stderr } = await execa(command, args, {
    reject: false,
    stdin: 'ignore',
    timeout: PROBE_MS,
  });
  return exitCode === 0
    ? undefined
    : `bubblewrap does not start here (${String(stderr).trim().split('\n').at(-1)?.slice(0, 200)})`;
};

/**
 * What the shell commands of a worker may touch, whatever the judge thought of their text: its own folder, the
 * temporary folder and the data of its worktree in the user's repository, but no hooks, no configuration of git, and
 * of our own state nothing at all. The network is the judge's.
 * @param cwd the worktree · @param hidden folders that it may neither read nor write.
 */
const sandboxOf = async (cwd: string, hidden: readonly string[]): Promise<SandboxSettings> => {
  const common = await commonGitFolder(cwd);
  const kept = ['hooks', 'config', 'config.worktree', 'info', 'modules'];
  return {
    enabled: true,
    failIfUnavailable: true,
    // With it on, a call that a resumed session asks for again was seen to run without the gate.
    autoAllowBashIfSandboxed: false,
    allowUnsandboxedCommands: false,
    network: { allowedDomains: ['*'], allowAllUnixSockets: true, allowLocalBinding: true },
    // What pays for the model is the CLI's, and no command's.
    credentials: {
      envVars: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'].map((name) => ({
        name,
        mode: 'deny' as const,
      })),
    },
    filesystem: {
      allowWrite: ['/tmp', ...(common === undefined ? [] : [common])],
      denyWrite: [...hidden, ...(common === undefined ? [] : kept.map((name) => path.join(common, name)))],
      denyRead: [...hidden],
    },
  };
};

/** The folder that all worktrees of a repository share; undefined where the folder is no worktree. */
const commonGitFolder = async (cwd: string): Promise<string | undefined> => {
  try {
    const own = /^gitdir: (.+)$/m.exec(await readFile(path.join(cwd, '.git'), 'utf8'))?.[1];
    return own === undefined ? undefined : path.resolve(cwd, own, '..', '..');
  } catch {
    return undefined;
  }
};

/** Names that the sandbox puts an empty device over in the worker's folder, so that nobody can make them. */
const MASKED = [
  '.bash_profile',
  '.bashrc',
  '.claude',
  '.gitconfig',
  '.gitmodules',
  '.idea',
  '.mcp.json',
  '.profile',
  '.ripgreprc',
  '.vscode',
  '.zprofile',
  '.zshrc',
];

/**
 * Git takes those devices for new files and fails on them. It is told to ignore them, beside whatever the user
 * ignores everywhere.
 * @param folder where the list is written; a worker cannot write there.
 * @returns variables for the worker's environment.
 */
const ignoreMasked = async (
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, string>>> => {
  const file = path.join(folder, 'sandbox-ignored');
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${await userIgnores(env)}\n${MASKED.map((name) => `/${name}\n`).join('')}`);
  return { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.excludesFile', GIT_CONFIG_VALUE_0: file };
};

const userIgnores = async (env: Readonly<Record<string, string | undefined>>): Promise<string> => {
  const asked = await execa('git', ['config', '--global', '--path', '--get', 'core.excludesFile'], {
    env: { PATH: env.PATH, HOME: env.HOME },
    extendEnv: false,
    reject: false,
  });
  const config = env.XDG_CONFIG_HOME ?? path.join(env.HOME ?? '', '.config');
  const named = String(asked.stdout ?? '').trim();
  return readFile(named === '' ? path.join(config, 'git', 'ignore') : named, 'utf8').catch(() => '');
};
