import type { TaskId } from '../../../domain/ids.ts';
import type { Task } from '../../../domain/task.ts';
import { type Merger, tipsBefore } from '../../integrating/merger.ts';
import type { JobJournal } from '../../journal.ts';
import type { JobLanes } from '../../lanes/jobLanes.ts';
import type { JobWorkspace } from '../../lanes/jobWorkspace.ts';
import type { Lane } from '../../lanes/lane.ts';
import type { Wanted } from '../../lanes/wanted.ts';
import type { WorkerEvent } from '../../ports/worker.ts';
import type { RunDeps } from '../../runDeps.ts';
import type { LiveCollisions } from '../../scheduling/liveCollisions.ts';
import { Deadline } from '../../supervising/deadline.ts';
import { HeldCalls } from '../../supervising/heldCalls.ts';
import { TaskLog } from '../../supervising/taskLog.ts';
import type { JobVerification } from '../../verifying/jobVerification.ts';
import { taskPrompt } from '../task/taskPrompt.ts';
import { runTask } from '../task/taskRun.ts';
import type { LiveTask, LiveTasks } from './liveTasks.ts';
import type { ParkedTasks } from './parkedTasks.ts';
import { overBudget, skipUnaffordable } from './unaffordable.ts';

export type LaunchDeps = {
  readonly deps: RunDeps;
  readonly journal: JobJournal;
  readonly workspace: JobWorkspace;
  readonly lanes: JobLanes;
  readonly verification: JobVerification;
  readonly merger: Merger | undefined;
  readonly parked: ParkedTasks;
  readonly collisions: LiveCollisions;
  readonly live: Pick<LiveTasks, 'waits'>;
  /** Aborts when the job's run ends. */
  readonly closing: AbortSignal;
};

/** Gives each task of one job that got a place what it runs with: a lane, its base, verifier, log and time. */
export class TaskLauncher {
  readonly #l: LaunchDeps;
  #hopeless: string | undefined;

  constructor(l: LaunchDeps) {
    this.#l = l;
  }

  /** Runs the task until it has ended, is parked or was stopped; the lane is given back then. */
  async run(id: TaskId, live: LiveTask): Promise<void> {
    const { deps, journal, lanes, parked } = this.#l;
    const { signal } = live.abort;
    const task = journal.task(id);
    const unaffordable = this.#hopeless ?? overBudget(journal);
    if (unaffordable !== undefined) {
      const left = parked.worktrees(id);
      await skipUnaffordable(journal, id, unaffordable);
      return parked.remove(left);
    }
    const lane = task.resume === undefined ? lanes.take() : lanes.takeEmpty();
    live.lane = lane;
    const log = new TaskLog(deps, journal, id);
    const deadline = new Deadline(
      task.spec.timeoutSeconds ?? journal.job.spec.timeoutSeconds ?? deps.settings.defaultTimeoutSeconds,
    );
    const held = this.#heldCalls(id, live, log, deadline);
    live.held = held;
    lane.begin(log.verdict, held.ask, { jobId: journal.job.id, taskId: id });
    try {
      const { hopeless, parkedAt } = await deps.logger.within({ jobId: journal.job.id, taskId: id }, () =>
        this.#runIn(lane, task, log, { signal, held, deadline }),
      );
      if (parkedAt !== undefined) parked.wait(id, parkedAt);
      if (hopeless) this.#hopeless = `Every task would fail alike: ${journal.task(id).error?.message ?? ''}`;
    } finally {
      this.#l.collisions.leave(id);
      lanes.giveBack(lane);
    }
  }

  #heldCalls(id: TaskId, live: LiveTask, log: TaskLog, deadline: Deadline): HeldCalls {
    const { deps, journal, workspace } = this.#l;
    return new HeldCalls({
      desk: deps.desk,
      store: deps.store,
      journal,
      taskId: id,
      holdMs: deps.settings.approvalHoldMs,
      deadline,
      mayPark: workspace.repository !== undefined,
      log: log.write,
      onHeld: () => this.#l.live.waits(live),
    });
  }

  async #runIn(
    lane: Lane,
    task: Task,
    log: TaskLog,
    run: { readonly signal: AbortSignal; readonly held: HeldCalls; readonly deadline: Deadline },
  ): ReturnType<typeof runTask> {
    const { deps, journal, lanes, merger, verification, workspace } = this.#l;
    const { job } = journal;
    const { spec } = task;
    const wanted: Wanted = {
      model: spec.model ?? job.spec.model,
      budgetUsd: spec.budgetUsd ?? job.spec.budgetUsd,
    };
    return runTask({
      journal,
      clock: deps.clock,
      taskId: spec.id,
      lane,
      wanted,
      verifier: verification.verifier(log.write),
      ...run,
      adopt: (worktree) => lanes.adopt(lane, worktree),
      forget: () => deps.desk.cancel(job.id, spec.id, 'the attempt that asked has ended'),
      base: async () => merger?.mergeAll(job.base?.commit ?? failNoBase(), tipsBefore(task, journal.tasks)),
      promptFor: (folder) =>
        taskPrompt({
          job: journal.job,
          task,
          folder,
          dependencies: spec.dependsOn.flatMap((id) => journal.tasks.get(id) ?? []),
          guidance: workspace.guidance,
        }),
      onEvent: (event) => this.#hear(spec.id, event, log),
      onAlive: () => this.#alive(lane, spec.id, wanted),
    });
  }

  #alive(lane: Lane, id: TaskId, wanted: Wanted): void {
    const { journal, lanes, verification, workspace, collisions, closing } = this.#l;
    // The base is verified beside the first workers, not before them.
    verification.startBaseline();
    if (journal.open > lanes.count) lane.warm(wanted);
    // Without git there is nothing that could be merged on trial.
    if (workspace.repository === undefined) return;
    lane.folder(closing).then(
      (folder) =>
        collisions.enter({
          taskId: id,
          changes: () => folder.changes(),
          snapshot: () => folder.snapshot(),
        }),
      () => undefined,
    );
  }

  #hear(id: TaskId, event: WorkerEvent, log: TaskLog): void {
    log.event(event);
    if (event.kind === 'tool_result' && !event.isError && log.mayHaveWritten) this.#l.collisions.touched(id);
  }
}

const failNoBase = (): never => {
  throw new Error('a job in worktrees has a base from its submission on');
};
