import { constants } from 'node:fs';
import { access, mkdtemp, rmdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { DoctorCheck } from '../../application/diagnosis.ts';
import { OrchestratorError } from '../../domain/errors/index.ts';
import {
  judgeClaude,
  judgeConfiguration,
  judgeCredentials,
  judgeDisk,
  judgeFolder,
  judgeGit,
  judgeMemory,
  judgeNode,
} from './checks.ts';
import { autoMaxWorkers } from './defaults.ts';
import { type ConfigInput, readConfig } from './reading.ts';
import { namesOf } from './schema.ts';

export type DoctorInput = {
  readonly config: ConfigInput;
  /** As in `process.versions.node`. */
  readonly nodeVersion: string;
  /** What the worker runtime knows of the CLI (`WorkerRuntime.describe`); it may throw. */
  readonly claude: () => Promise<{
    readonly path: string;
    readonly version: string;
    readonly credentials: boolean;
  }>;
  /** How the gate, the sandbox and the person stand. */
  readonly safety: () => Promise<readonly DoctorCheck[]>;
  readonly signal: AbortSignal;
};

const GIT_DEADLINE_MS = 10_000;

const gitVersion = async ({ config, signal }: DoctorInput): Promise<string | undefined> => {
  const done = await execa('git', ['--version'], {
    env: { ...config.env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: GIT_DEADLINE_MS,
    cancelSignal: signal,
  });
  return done.failed ? undefined : done.stdout;
};

const claudeChecks = async (input: DoctorInput): Promise<readonly DoctorCheck[]> => {
  try {
    const facts = await input.claude();
    return [judgeClaude(facts), judgeCredentials(facts.credentials)];
  } catch (thrown) {
    const ours = thrown instanceof OrchestratorError;
    const mend = ours ? thrown.hint : 'Install Claude Code, or set ORCHESTRATOR_CLAUDE_PATH to its program.';
    return [{ name: 'claude', status: 'fail', detail: ours ? thrown.message : 'could not be asked', mend }];
  }
};

/** The folder itself, or the nearest one above it that exists. */
const nearest = async (folder: string): Promise<string> => {
  const there = await stat(folder).catch(() => undefined);
  const parent = path.dirname(folder);
  return there !== undefined || parent === folder ? folder : nearest(parent);
};

const faultOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? `not writable (${String(thrown.code)})` : 'not writable';

/** Writes in the folder where it exists; where not, asks whether it could be made. Leaves nothing behind. */
const writeFault = async (folder: string): Promise<string | undefined> => {
  try {
    const there = await nearest(folder);
    if (!(await stat(there)).isDirectory())
      return there === folder ? 'is not a folder' : `${there} is not a folder`;
    if (there !== folder) {
      await access(there, constants.W_OK | constants.X_OK);
      return undefined;
    }
    await rmdir(await mkdtemp(path.join(folder, '.doctor-')));
    return undefined;
  } catch (thrown) {
    return faultOf(thrown);
  }
};

const freeBytes = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(await nearest(folder));
  return bavail * bsize;
};

const folderChecks = async (
  key: 'stateDir' | 'worktreesDir',
  name: string,
  folder: string | undefined,
): Promise<readonly DoctorCheck[]> => {
  // An unreadable setting has its line under `configuration` already.
  if (folder === undefined) return [];
  const { env } = namesOf(key);
  const writable = judgeFolder(`${name} folder`, folder, await writeFault(folder), env);
  const free = await freeBytes(folder).catch(() => undefined);
  return free === undefined ? [writable] : [writable, judgeDisk(`${name} disk`, folder, free, env)];
};

/** Looks at everything that the server needs. Changes nothing; a wrong configuration is a finding, not an error. */
export const runDoctor = async (input: DoctorInput): Promise<readonly DoctorCheck[]> => {
  const { values, problems, warnings } = readConfig(input.config);
  const { maxWorkers } = values;
  const [git, claude, safety, state, worktrees] = await Promise.all([
    gitVersion(input),
    claudeChecks(input),
    input.safety(),
    folderChecks('stateDir', 'state', values.stateDir),
    folderChecks('worktreesDir', 'worktrees', values.worktreesDir),
  ]);
  return [
    judgeConfiguration(problems, warnings),
    judgeNode(input.nodeVersion),
    judgeGit(git),
    ...claude,
    ...safety,
    ...state,
    ...worktrees,
    judgeMemory(
      input.config.availableMemory,
      typeof maxWorkers === 'number' ? maxWorkers : autoMaxWorkers(input.config),
    ),
  ];
};
