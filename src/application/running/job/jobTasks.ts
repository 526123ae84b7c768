import type { Commit, TaskId } from '../../../domain/ids.ts';
import type { Plan } from '../../../domain/plan.ts';
import type { DoneWork } from '../../integrating/doneWork.ts';
import { MergeAhead } from '../../integrating/mergeAhead.ts';
import { type Conflict, Merger } from '../../integrating/merger.ts';
import { resolveInJob } from '../../integrating/resolveInJob.ts';
import type { JobJournal } from '../../journal.ts';
import { JobFolders } from '../../lanes/jobFolders.ts';
import { JobLanes } from '../../lanes/jobLanes.ts';
import type { JobWorkspace } from '../../lanes/jobWorkspace.ts';
import type { Repository } from '../../ports/repository.ts';
import type { RunDeps } from '../../runDeps.ts';
import { type Collision, LiveCollisions } from '../../scheduling/liveCollisions.ts';
import { JobVerification } from '../../verifying/jobVerification.ts';
import { Interrupted, type Interruption } from '../task/interruption.ts';
import { JobQueue } from './jobQueue.ts';
import { LiveTasks } from './liveTasks.ts';
import { ParkedTasks } from './parkedTasks.ts';
import { TaskLauncher } from './taskLauncher.ts';

/** What one job runs its tasks with, made for its plan and closed at its end. */
export class JobTasks implements DoneWork {
  readonly workspace: JobWorkspace;
  readonly folders: JobFolders;
  readonly verification: JobVerification;
  readonly merger: Merger | undefined;
  readonly ahead: MergeAhead;
  readonly parked: ParkedTasks;
  readonly live = new LiveTasks();
  readonly queue: JobQueue;
  readonly #deps: RunDeps;
  readonly #journal: JobJournal;
  readonly #onEnd: () => Promise<void>;
  readonly #onFault: (error: unknown) => void;
  readonly #lanes: JobLanes;
  readonly #launcher: TaskLauncher;
  readonly #closing = new AbortController();

  constructor(
    deps: RunDeps,
    journal: JobJournal,
    plan: Plan,
    workspace: JobWorkspace,
    on: {
      /** A task has ended or gave its place back. */
      readonly end: () => Promise<void>;
      /** The run of a task met a fault of ours, or the store: the job cannot go on. */
      readonly fault: (error: unknown) => void;
    },
  ) {
    const closing = this.#closing.signal;
    const { repository } = workspace;
    this.#deps = deps;
    this.#journal = journal;
    this.#onEnd = on.end;
    this.#onFault = on.fault;
    this.workspace = workspace;
    this.folders = new JobFolders(deps, journal, workspace);
    this.#lanes = new JobLanes(deps, journal, workspace, this.folders);
    this.verification = new JobVerification(deps, journal, plan, this.folders, closing);
    this.queue = new JobQueue(deps, journal, plan, this.live, {
      start: (id) => this.#start(id),
      fault: on.fault,
    });
    this.parked = new ParkedTasks(deps, journal, workspace, closing, {
      ready: (id) => this.queue.offer([id]),
      fault: on.fault,
    });
    this.merger =
      repository === undefined
        ? undefined
        : new Merger(repository, (conflict) => this.#resolve(repository, conflict));
    this.ahead = new MergeAhead(journal, plan, this.merger);
    const collisions = new LiveCollisions({
      conflicts: async (a, b) => (await repository?.conflicts(a, b)) ?? [],
      onCollision: (collision) => this.#holdBack(collision),
      clock: deps.clock,
      signal: closing,
    });
    this.#launcher = new TaskLauncher({
      deps,
      journal,
      workspace,
      lanes: this.#lanes,
      verification: this.verification,
      merger: this.merger,
      parked: this.parked,
      collisions,
      live: this.live,
      closing,
    });
  }

  interruptAll(why: Interruption): void {
    this.#closing.abort(new Interrupted(why));
    this.live.interruptAll(why);
  }

  /** Ends the workers; verifications of the base may still run. */
  async closeLanes(): Promise<void> {
    await this.live.idle();
    await this.ahead.idle();
    await this.#lanes.close();
  }

  async close(): Promise<void> {
    this.#closing.abort(new Interrupted({ kind: 'shutdown' }));
    await this.closeLanes();
    await this.verification.idle();
    await this.folders.closeBase();
  }

  #start(id: TaskId): Promise<void> {
    // A place that was given in the same turn in which everything is being stopped.
    if (this.#closing.signal.aborted) return Promise.resolve();
    // Consequences are drawn after the place is given back, so that what is released can take it.
    return this.live
      .start(id, (live) => this.#launcher.run(id, live))
      .then(this.#onEnd)
      .catch(this.#onFault);
  }

  #resolve(repository: Repository, conflict: Conflict): Promise<Commit> {
    return resolveInJob(
      {
        deps: this.#deps,
        journal: this.#journal,
        folders: this.folders,
        verifier: (write) => this.verification.verifier(write),
        signal: this.#closing.signal,
      },
      repository,
      conflict,
    );
  }

  #holdBack({ older, younger, files }: Collision): void {
    const reason = `Its live work collides with "${older}" in ${files.slice(0, 5).join(', ')}.`;
    this.live.interrupt(younger, { kind: 'hold', behind: older, reason }).catch(this.#onFault);
  }
}
