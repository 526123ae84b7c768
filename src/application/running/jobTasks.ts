import type { Commit, TaskId } from '../../domain/ids.ts';
import { costOf } from '../../domain/jobFigures.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Task } from '../../domain/task.ts';
import { type Conflict, certainTips, Merger, tipsBefore } from '../integrating/merger.ts';
import type { JobJournal } from '../journal.ts';
import type { Repository } from '../ports/repository.ts';
import type { WorkerEvent } from '../ports/worker.ts';
import type { RunDeps } from '../runDeps.ts';
import { collidingTask } from '../scheduling/collidingTask.ts';
import { type Collision, LiveCollisions } from '../scheduling/liveCollisions.ts';
import { Deadline } from './deadline.ts';
import { HeldCalls } from './heldCalls.ts';
import { Interrupted, type Interruption } from './interruption.ts';
import { JobLanes } from './jobLanes.ts';
import { JobVerification } from './jobVerification.ts';
import type { JobWorkspace } from './jobWorkspace.ts';
import type { Lane, Wanted } from './lane.ts';
import { ParkedTasks } from './parkedTasks.ts';
import { resolveInJob } from './resolveInJob.ts';
import { TaskLog } from './taskLog.ts';
import { taskPrompt } from './taskPrompt.ts';
import { runTask } from './taskRun.ts';

type Live = {
  readonly abort: AbortController;
  ended: Promise<void>;
  lane: Lane | undefined;
  held: HeldCalls | undefined;
};

/** The running tasks of one job: gives each a lane, its base and its verifier, and carries interruptions to it. */
export class JobTasks {
  readonly lanes: JobLanes;
  readonly merger: Merger | undefined;
  readonly workspace: JobWorkspace;
  readonly verification: JobVerification;
  readonly parked: ParkedTasks;
  readonly #deps: RunDeps;
  readonly #journal: JobJournal;
  readonly #plan: Plan;
  readonly #onEnd: () => Promise<void>;
  readonly #onFault: (error: unknown) => void;
  readonly #live = new Map<TaskId, Live>();
  readonly #collisions: LiveCollisions;
  readonly #closing = new AbortController();
  #ahead: Promise<void> = Promise.resolve();
  #hopeless: string | undefined;
  #paused = false;
  #draining = false;
  #tail: (id: TaskId) => number = () => 0;

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
    this.#deps = deps;
    this.#journal = journal;
    this.#plan = plan;
    this.#onEnd = on.end;
    this.#onFault = on.fault;
    this.workspace = workspace;
    this.lanes = new JobLanes(deps, journal, workspace);
    this.verification = new JobVerification(deps, journal, plan, this.lanes, this.#closing.signal);
    this.parked = new ParkedTasks(deps, journal, workspace, this.#closing.signal, {
      ready: (id) => this.offer([id]),
      fault: on.fault,
    });
    const { repository } = workspace;
    this.merger =
      repository === undefined
        ? undefined
        : new Merger(repository, (conflict) => this.#resolve(repository, conflict));
    this.#collisions = new LiveCollisions({
      conflicts: async (a, b) => (await repository?.conflicts(a, b)) ?? [],
      onCollision: (collision) => this.#holdBack(collision),
      clock: deps.clock,
      signal: this.#closing.signal,
    });
  }

  /** Registers the job with the scheduler. @param tail seconds from a task to the end of the plan. */
  schedule(tail: (id: TaskId) => number): void {
    this.#tail = tail;
    const { job } = this.#journal;
    this.#deps.scheduler.add({
      id: job.id,
      priority: job.spec.priority,
      createdAt: job.createdAt,
      limit: job.estimate?.workers ?? 1,
      start: (id) => this.#start(id),
      admits: (id, running) => this.#admits(id, running),
    });
  }

  offer(ids: readonly TaskId[]): void {
    this.#deps.scheduler.offer(
      this.#journal.job.id,
      ids.map((taskId) => ({
        taskId,
        tail: this.#tail(taskId),
        priority: this.#journal.task(taskId).spec.priority,
        age: this.#plan.order.indexOf(taskId),
      })),
    );
  }

  /** Nothing new is started; what runs goes on. */
  pause(): void {
    this.#paused = true;
  }

  /** What became ready meanwhile is offered. */
  unpause(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.offerReady();
  }

  offerReady(): void {
    const ready = [...this.#journal.tasks.values()].filter(({ status }) => status === 'ready');
    this.offer(ready.map(({ spec }) => spec.id).filter((id) => !this.#live.has(id)));
  }

  /** The server is about to stop: workers that wait for a person would wait in vain, and go on after the next start. */
  drain(): void {
    this.#draining = true;
    for (const live of this.#live.values()) if (live.held?.any === true) stopForLater(live);
  }

  say(id: TaskId, message: string): boolean {
    return this.#live.get(id)?.lane?.say(message) ?? false;
  }

  /** @returns false where the task is not running; else resolves when it has stopped. */
  async interrupt(id: TaskId, why: Interruption): Promise<boolean> {
    const live = this.#live.get(id);
    if (live === undefined) return false;
    live.abort.abort(new Interrupted(why));
    await live.ended;
    return true;
  }

  interruptAll(why: Interruption): void {
    this.#closing.abort(new Interrupted(why));
    for (const live of this.#live.values()) live.abort.abort(new Interrupted(why));
  }

  /** Resolves when no task of the job runs. */
  async idle(): Promise<void> {
    await Promise.all([...this.#live.values()].map((live) => live.ended));
  }

  /** Merges what is certain, while other tasks run; one such round at a time. */
  mergeAhead(): void {
    const base = this.#journal.job.base?.commit;
    const { merger } = this;
    if (merger === undefined || base === undefined) return;
    this.#ahead = this.#ahead
      .then(() => merger.mergeAhead(base, certainTips(this.#plan, this.#journal.tasks)))
      // It costs the head start only: integration merges the same and tells what is wrong.
      .catch(() => undefined);
  }

  /** Ends the workers; verifications of the base may still run. */
  async closeLanes(): Promise<void> {
    await this.idle();
    await this.#ahead;
    await this.lanes.closeLanes();
  }

  async close(): Promise<void> {
    this.#closing.abort(new Interrupted({ kind: 'shutdown' }));
    await this.closeLanes();
    await this.verification.idle();
    await this.lanes.closeBase();
  }

  /** False where the task would write what a running one writes: it is put behind that one and offered again later. */
  #admits(id: TaskId, running: ReadonlySet<TaskId>): boolean {
    const task = this.#journal.task(id);
    // What is not admitted is offered again by `unpause`.
    if (this.#paused || task.status !== 'ready' || this.#live.has(id)) return false;
    const behind = collidingTask(this.#journal, id, running);
    if (behind === undefined) return true;
    const reason = `It declares paths that "${behind}" is writing now.`;
    this.#journal
      .record({
        tasks: [{ id, move: 'hold', patch: { orderedAfter: [...task.orderedAfter, behind] } }],
        happenings: [{ type: 'task.held', taskId: id, behind, reason, live: false }],
      })
      .catch(this.#onFault);
    return false;
  }

  #resolve(repository: Repository, conflict: Conflict): Promise<Commit> {
    return resolveInJob(
      {
        deps: this.#deps,
        journal: this.#journal,
        lanes: this.lanes,
        verifier: (write) => this.verification.verifier(write),
        signal: this.#closing.signal,
      },
      repository,
      conflict,
    );
  }

  #holdBack({ older, younger, files }: Collision): void {
    const reason = `Its live work collides with "${older}" in ${files.slice(0, 5).join(', ')}.`;
    this.interrupt(younger, { kind: 'hold', behind: older, reason }).catch(this.#onFault);
  }

  #start(id: TaskId): Promise<void> {
    // A place that was given in the same turn in which everything is being stopped.
    if (this.#closing.signal.aborted) return Promise.resolve();
    const live: Live = {
      abort: new AbortController(),
      lane: undefined,
      held: undefined,
      ended: Promise.resolve(),
    };
    this.#live.set(id, live);
    live.ended = this.#run(id, live).finally(() => this.#live.delete(id));
    // Consequences are drawn after the place is given back, so that what is released can take it.
    return live.ended.then(this.#onEnd).catch(this.#onFault);
  }

  async #run(id: TaskId, live: Live): Promise<void> {
    const { signal } = live.abort;
    const task = this.#journal.task(id);
    const unaffordable = this.#hopeless ?? this.#overBudget();
    if (unaffordable !== undefined) {
      const left = this.parked.worktrees(id);
      await this.#skip(id, unaffordable);
      return this.parked.remove(left);
    }
    const lane = task.resume === undefined ? this.lanes.take() : this.lanes.takeEmpty();
    live.lane = lane;
    const log = new TaskLog(this.#deps, this.#journal, id);
    const deadline = new Deadline(
      task.spec.timeoutSeconds ??
        this.#journal.job.spec.timeoutSeconds ??
        this.#deps.settings.defaultTimeoutSeconds,
    );
    const held = this.#heldCalls(id, live, log, deadline);
    live.held = held;
    lane.begin(log.verdict, held.ask);
    try {
      const { hopeless, parkedAt } = await this.#deps.logger.within(
        { jobId: this.#journal.job.id, taskId: id },
        () => this.#runIn(lane, task, log, { signal, held, deadline }),
      );
      if (parkedAt !== undefined) this.parked.wait(id, parkedAt);
      if (hopeless)
        this.#hopeless = `Every task would fail alike: ${this.#journal.task(id).error?.message ?? ''}`;
    } finally {
      this.#collisions.leave(id);
      this.lanes.giveBack(lane);
    }
  }

  #heldCalls(id: TaskId, live: Live, log: TaskLog, deadline: Deadline): HeldCalls {
    return new HeldCalls({
      desk: this.#deps.desk,
      store: this.#deps.store,
      journal: this.#journal,
      taskId: id,
      holdMs: this.#deps.settings.approvalHoldMs,
      deadline,
      mayPark: this.workspace.repository !== undefined,
      log: log.write,
      onHeld: () => {
        if (this.#draining) stopForLater(live);
      },
    });
  }

  async #runIn(
    lane: Lane,
    task: Task,
    log: TaskLog,
    run: { readonly signal: AbortSignal; readonly held: HeldCalls; readonly deadline: Deadline },
  ): ReturnType<typeof runTask> {
    const { job } = this.#journal;
    const { spec } = task;
    const wanted: Wanted = {
      model: spec.model ?? job.spec.model,
      budgetUsd: spec.budgetUsd ?? job.spec.budgetUsd,
    };
    return runTask({
      journal: this.#journal,
      clock: this.#deps.clock,
      taskId: spec.id,
      lane,
      wanted,
      verifier: this.verification.verifier(log.write),
      ...run,
      adopt: (worktree) => this.lanes.adopt(lane, worktree),
      forget: () => this.#deps.desk.cancel(job.id, spec.id, 'the attempt that asked has ended'),
      base: async () =>
        this.merger?.mergeAll(job.base?.commit ?? failNoBase(), tipsBefore(task, this.#journal.tasks)),
      promptFor: (folder) =>
        taskPrompt({
          job: this.#journal.job,
          task,
          folder,
          dependencies: spec.dependsOn.flatMap((id) => this.#journal.tasks.get(id) ?? []),
          guidance: this.workspace.guidance,
        }),
      onEvent: (event) => this.#hear(spec.id, event, log),
      onAlive: () => this.#alive(lane, spec.id, wanted),
    });
  }

  #alive(lane: Lane, id: TaskId, wanted: Wanted): void {
    // The base is verified beside the first workers, not before them.
    this.verification.startBaseline();
    if (this.#journal.open > this.lanes.count) lane.warm(wanted);
    // Without git there is nothing that could be merged on trial.
    if (this.workspace.repository === undefined) return;
    lane.folder(this.#closing.signal).then(
      (folder) =>
        this.#collisions.enter({
          taskId: id,
          changes: () => folder.changes(),
          snapshot: () => folder.snapshot(),
        }),
      () => undefined,
    );
  }

  #hear(id: TaskId, event: WorkerEvent, log: TaskLog): void {
    log.event(event);
    if (event.kind === 'tool_result' && !event.isError && log.mayHaveWritten) this.#collisions.touched(id);
  }

  #overBudget(): string | undefined {
    const { job, tasks } = this.#journal;
    if (job.spec.budgetUsd === undefined) return undefined;
    const spent = costOf(job, [...tasks.values()]);
    return spent < job.spec.budgetUsd
      ? undefined
      : `The job's budget of $${job.spec.budgetUsd} is spent ($${spent.toFixed(4)}).`;
  }

  async #skip(id: TaskId, reason: string): Promise<void> {
    await this.#journal.record({
      tasks: [
        {
          id,
          move: 'skip',
          patch: {
            error: {
              code: 'TASK_EXECUTION',
              message: reason,
              hint: 'Submit the rest as a new job, or mend the cause and job_steer retry.',
              retryable: false,
            },
            resume: undefined,
          },
        },
      ],
      happenings: [{ type: 'task.skipped', taskId: id, reason }],
    });
  }
}

const stopForLater = (live: Live): void => live.abort.abort(new Interrupted({ kind: 'shutdown' }));

const failNoBase = (): never => {
  throw new Error('a job in worktrees has a base from its submission on');
};
