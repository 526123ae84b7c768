import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConflictError } from '../../domain/errors/index.ts';
import { configByEnvironment } from './environment.ts';
import { isInside } from './fence.ts';
import { fields, type Git } from './git.ts';
import { exists } from './layout.ts';

type Submodule = { readonly name: string; readonly path: string };
type LinkedPlace = { readonly cwd: string; readonly gitDir: string };

/** Submodules that the `.gitmodules` of a checkout names; one process, and none where there is no such file. */
export const listSubmodules = async (git: Git, checkout: string): Promise<readonly Submodule[]> => {
  const file = join(checkout, '.gitmodules');
  if (!(await exists(file))) return [];
  const { stdout } = await git({
    cwd: checkout,
    args: ['config', '--file', file, '-z', '--get-regexp', '^submodule\\..*\\.path$'],
    allow: [1],
  });
  return fields(stdout).flatMap((field) => {
    const cut = field.indexOf('\n');
    const name = field.slice('submodule.'.length, cut - '.path'.length);
    const path = field.slice(cut + 1);
    // Git checks names as well; ours become paths before git sees them.
    const safe = cut > 0 && isInside(checkout, join(checkout, path)) && isInside('/m', join('/m', name));
    return safe ? [{ name, path }] : [];
  });
};

/**
 * Checks one submodule out from the user's own clone of it. The URL is replaced by that clone, so nothing
 * goes to a network, and the "file" protocol is allowed for a path that we chose and no other.
 */
const update = async (
  git: Git,
  place: LinkedPlace,
  { name, path }: Submodule,
  source: string,
): Promise<boolean> => {
  const settings = configByEnvironment([
    [`submodule.${name}.url`, source],
    ['protocol.file.allow', 'always'],
  ]);
  try {
    await git({
      ...place,
      args: ['submodule', 'update', '--init', '--checkout', '--force', '--', path],
      env: settings,
    });
    return true;
  } catch {
    // Half a submodule shows as a change, and the next commit would record it: leave an empty folder.
    await rm(join(place.cwd, path), { recursive: true, force: true });
    await rm(join(place.gitDir, 'modules', name), { recursive: true, force: true });
    await mkdir(join(place.cwd, path), { recursive: true });
    return false;
  }
};

/**
 * Brings the submodules of a worktree to what its HEAD records, from `<commonDir>/modules`, and empties them
 * of what a task left there.
 * @returns a warning for each that stays empty
 */
export const updateSubmodules = async (
  git: Git,
  place: LinkedPlace,
  commonDir: string,
): Promise<readonly string[]> => {
  const warnings: string[] = [];
  for (const submodule of await listSubmodules(git, place.cwd)) {
    const source = join(commonDir, 'modules', submodule.name);
    if (!(await exists(source)) || !(await update(git, place, submodule, source))) {
      warnings.push(submoduleWarning(submodule.path));
      continue;
    }
    const inner = {
      cwd: join(place.cwd, submodule.path),
      gitDir: join(place.gitDir, 'modules', submodule.name),
    };
    await git({ ...inner, args: ['clean', '-ffdq'] });
    warnings.push(...(await updateSubmodules(git, inner, source)));
  }
  return warnings;
};

const submoduleWarning = (path: string): string =>
  `The submodule "${path}" is empty in worktrees: its commit is not in your clone. Run \`git submodule update --init --recursive\` and submit again if the work needs it.`;

/** Warnings that can be told before any worktree is made. */
export const submoduleWarnings = async (
  git: Git,
  root: string,
  commonDir: string,
): Promise<readonly string[]> => {
  const found = await Promise.all(
    (await listSubmodules(git, root)).map(async ({ name, path }) =>
      (await exists(join(commonDir, 'modules', name))) ? [] : [submoduleWarning(path)],
    ),
  );
  return found.flat();
};

/**
 * Copies commits that a worker made inside a submodule to the user's clone of it, under a ref that keeps
 * them: they would go with the worktree, and the commit that names them would point nowhere.
 * @throws ConflictError where the user has no clone to keep them in
 */
export const keepSubmoduleCommits = async (
  git: Git,
  place: LinkedPlace,
  commonDir: string,
): Promise<void> => {
  for (const { name, path } of await listSubmodules(git, place.cwd)) {
    const gitDir = join(place.gitDir, 'modules', name);
    if (!(await exists(gitDir))) continue;
    const source = join(commonDir, 'modules', name);
    if (!(await exists(source))) {
      throw new ConflictError(
        `The submodule "${path}" was cloned by the task, and its commits have no place to stay.`,
        {
          hint: 'Run `git submodule update --init --recursive` in your checkout and retry the task.',
        },
      );
    }
    const inner = { cwd: join(place.cwd, path), gitDir };
    const head = (await git({ ...inner, args: ['rev-parse', '--verify', 'HEAD'] })).stdout.trim();
    const there = await git({
      cwd: source,
      gitDir: source,
      args: ['cat-file', '-e', `${head}^{commit}`],
      allow: [1, 128],
    });
    if (there.exitCode !== 0) {
      await git({
        cwd: source,
        gitDir: source,
        args: [
          'fetch',
          '--no-tags',
          '--no-write-fetch-head',
          '--',
          gitDir,
          `+HEAD:refs/orchestrator/${head}`,
        ],
        env: configByEnvironment([['protocol.file.allow', 'always']]),
      });
    }
    await keepSubmoduleCommits(git, inner, source);
  }
};
