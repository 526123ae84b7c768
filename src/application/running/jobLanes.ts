import type { Commit } from '../../domain/ids.ts';
import { baseBranch } from '../branches.ts';
import type { JobJournal } from '../journal.ts';
import type { Repository } from '../ports/repository.ts';
import type { RunDeps } from '../runDeps.ts';
import type { JobWorkspace } from './jobWorkspace.ts';
import { Lane } from './lane.ts';
import type { LaneFolder } from './laneFolder.ts';
import { SharedFolder } from './sharedFolder.ts';
import { createWorktree, WorktreeFolder, type WorktreeRecipe } from './worktreeFolder.ts';

/** The lanes of one job: made when first needed, taken and given back, closed at its end. */
export class JobLanes {
  readonly #deps: RunDeps;
  readonly #journal: JobJournal;
  readonly #workspace: JobWorkspace;
  readonly #free: Lane[] = [];
  readonly #all: { lane: Lane; port: number }[] = [];
  #baseFolder: Promise<string> | undefined;

  constructor(deps: RunDeps, journal: JobJournal, workspace: JobWorkspace) {
    this.#deps = deps;
    this.#journal = journal;
    this.#workspace = workspace;
  }

  /** Lanes that were ever in use at once. */
  get count(): number {
    return this.#all.length;
  }

  /** The lane given back last comes first: its process is the warmest. */
  take(): Lane {
    return this.#free.pop() ?? this.#make();
  }

  /** For a task that brings its folder: best a lane that has none to give up for it. */
  takeEmpty(): Lane {
    const at = this.#free.findLastIndex((lane) => !lane.hasFolder);
    return (at < 0 ? undefined : this.#free.splice(at, 1)[0]) ?? this.take();
  }

  /** Makes a worktree that was kept for a task the lane's own. */
  async adopt(lane: Lane, worktree: string): Promise<void> {
    const { repository } = this.#workspace;
    if (repository === undefined) throw new Error('only work in worktrees is kept for later');
    await lane.adopt(new WorktreeFolder({ repository, jobId: this.#journal.job.id }, worktree));
  }

  giveBack(lane: Lane): void {
    this.#free.push(lane);
  }

  /** @throws the first failure, after all lanes were tried and their ports given back. */
  async closeLanes(): Promise<void> {
    const lanes = this.#all.splice(0);
    this.#free.length = 0;
    const closed = await Promise.allSettled(lanes.map(({ lane }) => lane.close()));
    for (const { port } of lanes) this.#deps.ports.giveBack(port);
    for (const outcome of closed) if (outcome.status === 'rejected') throw outcome.reason;
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

  #make(): Lane {
    const { job } = this.#journal;
    const port = this.#deps.ports.take();
    const lane = new Lane(this.#all.length, port, {
      runtime: this.#deps.runtime,
      ids: this.#deps.ids,
      starts: this.#deps.starts,
      spec: job.spec,
      readRoots: [this.#workspace.root],
      tasksPerWorker: this.#deps.settings.tasksPerWorker,
      workerMemoryLimit: this.#deps.settings.workerMemoryLimit,
      makeFolder: (own, signal) => this.#makeFolder(own, signal),
      onLeftovers: (pids) =>
        this.#deps.logger.info('WORKER', 'ended processes that a task left behind', { jobId: job.id, pids }),
    });
    this.#all.push({ lane, port });
    return lane;
  }

  async #makeFolder(lane: Lane, signal: AbortSignal): Promise<LaneFolder> {
    const { repository, root } = this.#workspace;
    const base = this.#journal.job.base?.commit;
    if (repository === undefined || base === undefined)
      return new SharedFolder(root, this.#deps.workspaces, (id) => this.#journal.task(id).spec.writes);
    const recipe = this.recipe(repository);
    const name = `lane-${lane.index}`;
    return new WorktreeFolder(
      recipe,
      await createWorktree(recipe, { name, commit: base, env: lane.env, signal }),
    );
  }
}
