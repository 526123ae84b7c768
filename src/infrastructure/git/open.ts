import { join, resolve } from 'node:path';
import type { RepositoryState } from '../../application/ports/repository.ts';
import { FileSystemError } from '../../domain/errors/index.ts';
import { invalid } from './checkFolder.ts';
import { READING } from './environment.ts';
import { fields, type Git } from './git.ts';
import { exists, type Layout, layoutOf, operationInProgress } from './layout.ts';
import { lfsWarnings } from './lfs.ts';
import { readStatus, type Status } from './status.ts';
import { submoduleWarnings } from './submodules.ts';

export type Opened = {
  readonly state: Omit<RepositoryState, 'warnings'>;
  readonly warnings: string[];
  readonly layout: Layout;
  /** `name=value` for commits on a machine where git does not know who the user is. */
  readonly identity: readonly string[];
};

/** Why a folder without a `.git` of its own is none that we can work in. */
const refuseWithoutGit = async (git: Git, root: string, workspace: string): Promise<never> => {
  const shown = JSON.stringify(workspace);
  const bare = await git({ cwd: root, args: ['rev-parse', '--is-bare-repository'], allow: [128] });
  if (bare.stdout.trim() === 'true') {
    throw invalid(
      `${shown} is a bare repository.`,
      'Clone it (`git clone`) and give the folder of the clone.',
    );
  }
  const top = await git({ cwd: root, args: ['rev-parse', '--show-toplevel'], allow: [128] });
  if (top.exitCode === 0 && top.stdout !== '') {
    const topLevel = top.stdout.replace(/\n$/, '');
    throw invalid(
      `${shown} is a folder inside a git repository.`,
      `Give its top level, ${JSON.stringify(topLevel)}, and name the folder in the request.`,
    );
  }
  throw invalid(
    `${shown} is no git repository.`,
    'Use isolation "shared", or make it one: `git init && git add -A && git commit -m start`.',
  );
};

const readConfig = async (git: Git, root: string): Promise<ReadonlyMap<string, string>> => {
  const { stdout } = await git({ cwd: root, args: ['config', '--list', '-z'], env: READING });
  return new Map(
    fields(stdout).map((field) => {
      const cut = field.indexOf('\n');
      return cut < 0 ? [field, 'true'] : [field.slice(0, cut), field.slice(cut + 1)];
    }),
  );
};

/** Git found by itself here, so that its own check of the folder's owner (safe.directory) speaks. */
const readUserStatus = async (git: Git, root: string, workspace: string): Promise<Status> => {
  try {
    return await readStatus(git, { cwd: root }, 'normal');
  } catch (error) {
    const stderr = error instanceof FileSystemError ? String(error.context.stderr) : '';
    const shown = JSON.stringify(workspace);
    if (/dubious ownership/.test(stderr)) {
      throw invalid(
        `${shown} belongs to another user, and git refuses to work there.`,
        `If you trust it: \`git config --global --add safe.directory ${shown}\`.`,
      );
    }
    if (/must be run in a work tree|not a git repository/.test(stderr)) {
      throw invalid(
        `${shown} is bare or damaged: git finds no work tree.`,
        'Clone it and give the folder of the clone.',
      );
    }
    throw error;
  }
};

const fallbackIdentity = (config: ReadonlyMap<string, string>): readonly string[] => [
  ...(config.has('user.name') ? [] : ['user.name=Claude Orchestrator']),
  ...(config.has('user.email') ? [] : ['user.email=claude-orchestrator@localhost']),
];

/**
 * Looks at a checked folder as a repository: two processes, more only with submodules or LFS.
 * @param root real path · @param workspace as the caller gave it, for messages
 * @throws InvalidWorkspaceError with the way out
 */
export const openRepository = async (git: Git, root: string, workspace: string): Promise<Opened> => {
  const layout = (await layoutOf(root)) ?? (await refuseWithoutGit(git, root, workspace));
  const shown = JSON.stringify(workspace);
  const [status, config] = await Promise.all([readUserStatus(git, root, workspace), readConfig(git, root)]);
  const workTree = config.get('core.worktree');
  if (workTree !== undefined && resolve(layout.gitDir, workTree) !== root) {
    throw invalid(
      `${shown} keeps its files in another folder (core.worktree).`,
      'Give that folder, or a plain clone.',
    );
  }
  if (status.head === undefined) {
    throw invalid(`${shown} has no commit yet.`, 'Make the first one: `git add -A && git commit -m start`.');
  }
  const operation = await operationInProgress(layout.gitDir);
  if (operation !== undefined) {
    throw invalid(
      `${shown} is in the middle of a ${operation}.`,
      `Finish it (\`git ${operation} --continue\`) or abort it (\`git ${operation} --abort\`) first.`,
    );
  }
  const dirty = status.entries.length > 0;
  const warnings = [
    ...(dirty
      ? [
          `Uncommitted changes in ${shown} (${status.entries.length}) are not part of the work: it starts from the last commit.`,
        ]
      : []),
    ...(status.branch === null ? ['HEAD is detached: the result stays on its own branch.'] : []),
    ...(await submoduleWarnings(git, root, layout.commonDir)),
    ...(await lfsWarnings(
      git,
      root,
      config.has('filter.lfs.clean') || (await exists(join(layout.commonDir, 'lfs'))),
    )),
  ];
  return {
    state: { root, head: status.head, branch: status.branch, dirty },
    warnings,
    layout,
    identity: fallbackIdentity(config),
  };
};
