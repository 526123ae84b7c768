import { ConfigurationError } from '../../domain/errors/index.ts';
import type { Commit, JobId } from '../../domain/ids.ts';
import type { JobSpec } from '../../domain/job.ts';
import type { CommandRunner } from '../ports/commandRunner.ts';
import type { Repository } from '../ports/repository.ts';

export type WorktreeRecipe = {
  readonly repository: Repository;
  readonly commands: CommandRunner;
  readonly jobId: JobId;
  readonly spec: Pick<JobSpec, 'setup' | 'copy'>;
  /** Milliseconds that the setup command has. */
  readonly setupTimeoutMs: number;
  /** Hears what setup printed and which files could not be brought along. */
  readonly onSetup: (text: string) => void;
};

/**
 * Makes a worktree in which the project can build: created, ignored files brought along, setup run once.
 * @throws ConfigurationError where setup fails: it would fail in every lane.
 */
export const createWorktree = async (
  recipe: WorktreeRecipe,
  o: {
    readonly name: string;
    readonly commit: Commit;
    readonly env: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  },
): Promise<string> => {
  const { repository, spec } = recipe;
  const path = await repository.addWorktree(`${recipe.jobId}/${o.name}`, o.commit);
  try {
    const missing = spec.copy.length === 0 ? [] : await repository.copyInto(path, spec.copy);
    if (missing.length > 0) recipe.onSetup(`copy: not there or not ignored: ${missing.join(', ')}\n`);
    if (spec.setup !== undefined) await runSetup(recipe, spec.setup, path, o.env, o.signal);
    return path;
  } catch (error) {
    await repository.removeWorktree(path);
    throw error;
  }
};

const runSetup = async (
  recipe: WorktreeRecipe,
  command: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> => {
  const outcome = await recipe.commands.run({ command, cwd, env, timeoutMs: recipe.setupTimeoutMs, signal });
  recipe.onSetup(`$ ${command}\n${outcome.output}\n`);
  if (outcome.exitCode === 0) return;
  const how = outcome.timedOut
    ? `was not done within ${recipe.setupTimeoutMs / 1000} s`
    : `ended with exit code ${outcome.exitCode}`;
  throw new ConfigurationError(`The setup command ${how}: ${command}\n${outcome.output.slice(-1500)}`, {
    hint: 'Correct setup (it runs in a fresh worktree, without ignored files unless copy names them) and submit the job again.',
  });
};
