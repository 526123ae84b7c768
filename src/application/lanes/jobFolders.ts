import type { Commit } from '../../domain/ids.ts';
import { baseBranch } from '../branches.ts';
import type { JobJournal } from '../journal.ts';
import type { Repository } from '../ports/repository.ts';
import type { RunDeps } from '../runDeps.ts';
import { createWorktree, type WorktreeRecipe } from './createWorktree.ts';
import type { JobWorkspace } from './jobWorkspace.ts';

/** Where commands of one job run outside of its lanes: the untouched base, a fresh worktree, each with ports. */
export class JobFolders {
  readonly #deps: RunDeps;
  readonly #journal: JobJournal;
  readonly #workspace: JobWorkspace;
  #baseFolder: Promise<string> | undefined;

  constructor(deps: RunDeps, journal: JobJournal, workspace: JobWorkspace) {
    this.#deps = deps;
    this.#journal = journal;
    this.#workspace = workspace;
  }

  /** Nothing may run in the base's worktree any more. */
  async closeBase(): Promise<void> {
    const base = this.#baseFolder;
    this.#baseFolder = undefined;
    const folder = await base?.catch(() => undefined);
    const { repository } = this.#workspace;
    if (folder === undefined || repository === undefined) return;
    await repository.removeWorktree(folder);
    // It holds nothing but the base; while the folder stood on it, it could not go.
    const { id, base: start } = this.#journal.job;
    if (start !== undefined) await repository.deleteBranches([baseBranch(id)], start.commit);
  }

  /** Runs `work` with a port range of its own in its environment. */
  async withPorts<T>(work: (env: Readonly<Record<string, string>>) => Promise<T>): Promise<T> {
    const port = this.#deps.ports.take();
    try {
      return await work({ PORT_BASE: String(port) });
    } finally {
      this.#deps.ports.giveBack(port);
    }
  }

  /** Runs `work` in a worktree of the untouched base, made and set up once. */
  inBaseFolder<T>(
    signal: AbortSignal,
    work: (cwd: string, env: Readonly<Record<string, string>>) => Promise<T>,
  ): Promise<T> {
    const { repository, root } = this.#workspace;
    const base = this.#journal.job.base?.commit;
    if (repository === undefined || base === undefined)
      return Promise.reject(new Error(`${root} has no base to look at`));
    return this.withPorts(async (env) => {
      this.#baseFolder ??= createWorktree(this.recipe(repository), {
        name: 'base',
        commit: base,
        env,
        signal,
      });
      const folder = await this.#baseFolder;
      // What one command leaves there must not turn the next one green.
      await repository.switchTo(folder, baseBranch(this.#journal.job.id), base);
      return work(folder, env);
    });
  }

  /** Runs `work` in a fresh worktree at `commit`, which is removed afterwards. */
  inFreshFolder<T>(
    repository: Repository,
    o: { readonly name: string; readonly commit: Commit; readonly signal: AbortSignal },
    work: (cwd: string, env: Readonly<Record<string, string>>) => Promise<T>,
  ): Promise<T> {
    return this.withPorts(async (env) => {
      const folder = await createWorktree(this.recipe(repository), { ...o, env });
      try {
        return await work(folder, env);
      } finally {
        await repository.removeWorktree(folder);
      }
    });
  }

  /** How a worktree of this job is made, a lane's as well. */
  recipe(repository: Repository): WorktreeRecipe {
    const { job } = this.#journal;
    return {
      repository,
      commands: this.#deps.commands,
      jobId: job.id,
      spec: job.spec,
      setupTimeoutMs: this.#deps.settings.verifyTimeoutSeconds * 1000,
      onSetup: (text) =>
        this.#deps.logger.debug('TASK', 'worktree set up', { jobId: job.id, output: text.slice(-2000) }),
    };
  }
}
