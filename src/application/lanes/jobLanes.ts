import type { JobJournal } from '../journal.ts';
import type { RunDeps } from '../runDeps.ts';
import { createWorktree } from './createWorktree.ts';
import type { JobFolders } from './jobFolders.ts';
import type { JobWorkspace } from './jobWorkspace.ts';
import { Lane } from './lane.ts';
import type { LaneFolder } from './laneFolder.ts';
import { SharedFolder } from './sharedFolder.ts';
import { WorktreeFolder } from './worktreeFolder.ts';

/** The lanes of one job: made when first needed, taken and given back, closed at its end. */
export class JobLanes {
  readonly #deps: RunDeps;
  readonly #journal: JobJournal;
  readonly #workspace: JobWorkspace;
  readonly #folders: JobFolders;
  readonly #free: Lane[] = [];
  readonly #all: { lane: Lane; port: number }[] = [];

  constructor(deps: RunDeps, journal: JobJournal, workspace: JobWorkspace, folders: JobFolders) {
    this.#deps = deps;
    this.#journal = journal;
    this.#workspace = workspace;
    this.#folders = folders;
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
  async close(): Promise<void> {
    const lanes = this.#all.splice(0);
    this.#free.length = 0;
    const closed = await Promise.allSettled(lanes.map(({ lane }) => lane.close()));
    for (const { port } of lanes) this.#deps.ports.giveBack(port);
    for (const outcome of closed) if (outcome.status === 'rejected') throw outcome.reason;
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
    const recipe = this.#folders.recipe(repository);
    const name = `lane-${lane.index}`;
    return new WorktreeFolder(
      recipe,
      await createWorktree(recipe, { name, commit: base, env: lane.env, signal }),
    );
  }
}
