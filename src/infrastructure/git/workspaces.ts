import { mkdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import PQueue from 'p-queue';
import type { Workspaces } from '../../application/ports/workspaces.ts';
import { ConfigurationError, MissingDependencyError } from '../../domain/errors/index.ts';
import { checkFolder } from './checkFolder.ts';
import { isInside, resolveReal } from './fence.ts';
import { folderStamps } from './folderStamps.ts';
import { createGit, type Git } from './git.ts';
import { readGuidance } from './guidance.ts';
import { listKept, removeKept } from './kept.ts';
import { openRepository } from './open.ts';
import { createRepository } from './repository.ts';

export type WorkspacesOptions = {
  /** Folders that jobs may work in, with everything below. */
  readonly allowedRoots: readonly string[];
  /** Holds `<job>/<name>`, a folder a worktree; made when it is first needed. */
  readonly worktreesDir: string;
  /** The server's own data, which no worker may reach. */
  readonly stateDir: string;
};

/** `merge-tree --write-tree`, on which all merging rests, came with 2.38. */
const OLDEST = { major: 2, minor: 38 };

const checkVersion = async (git: Git): Promise<void> => {
  const { stdout } = await git({ cwd: tmpdir(), args: ['version'] });
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
  const recent =
    Number(major) > OLDEST.major || (Number(major) === OLDEST.major && Number(minor) >= OLDEST.minor);
  if (!recent) {
    throw new MissingDependencyError(`git ${major}.${minor} is too old.`, {
      hint: 'Install git 2.38 or newer.',
    });
  }
};

/** A worker's fence is its worktree; inside the state folder it would stand among the server's secrets. */
const prepareWorktreesDir = async ({ worktreesDir, stateDir }: WorkspacesOptions): Promise<string> => {
  const state = (await resolveReal(stateDir)).real;
  const wanted = (await resolveReal(worktreesDir)).real;
  if (isInside(state, wanted) || isInside(wanted, state)) {
    throw new ConfigurationError('The worktrees folder and the state folder lie one inside the other.', {
      hint: 'Set ORCHESTRATOR_WORKTREES_DIR to a folder outside ORCHESTRATOR_STATE_DIR.',
    });
  }
  await mkdir(worktreesDir, { recursive: true, mode: 0o700 });
  return realpath(worktreesDir);
};

/** The git adapter of the `Workspaces` port, over the `git` on PATH. */
export const createWorkspaces = (options: WorkspacesOptions): Workspaces => {
  // As it is now: what the process puts into its environment later is not git's business.
  const own = { ...process.env };
  const plain = createGit(own);
  // One queue a repository for the life of the server, shared by all jobs that work on it.
  const queues = new Map<string, PQueue>();
  let version: Promise<void> | undefined;

  const check = async (workspace: string): Promise<string> => {
    const closed = await Promise.all([options.stateDir, options.worktreesDir].map(resolveReal));
    return checkFolder(
      workspace,
      options.allowedRoots,
      closed.map((folder) => folder.real),
    );
  };

  return {
    check,
    repository: async (workspace) => {
      const root = await check(workspace);
      version ??= checkVersion(plain);
      // A git that was missing may have been installed since.
      await version.catch((error: unknown) => {
        version = undefined;
        throw error;
      });
      const { state, warnings, layout, identity } = await openRepository(plain, root, workspace);
      const queue = queues.get(layout.commonDir) ?? new PQueue({ concurrency: 1 });
      queues.set(layout.commonDir, queue);
      const context = {
        git: createGit(own, identity),
        root,
        layout,
        worktreesDir: await prepareWorktreesDir(options),
        queue,
        known: new Map<string, string>(),
        warnings,
      };
      return createRepository(context, { ...state, warnings });
    },
    guidance: async (workspace) => readGuidance(await check(workspace)),
    stamps: async (workspace) => folderStamps(await check(workspace)),
    removeKept: async (path) => removeKept((await resolveReal(options.worktreesDir)).real, path),
    kept: async () => listKept((await resolveReal(options.worktreesDir)).real),
  };
};
