import type { Approval } from '../domain/approval.ts';
import { ConflictError, JobNotFoundError } from '../domain/errors/index.ts';
import type { JobEvent } from '../domain/events.ts';
import type { ApprovalId, JobId, TaskId } from '../domain/ids.ts';
import { isTerminal, type Job, type JobSpec } from '../domain/job.ts';
import { buildPlan } from '../domain/plan.ts';
import { LOCAL_AGENT, type Principal, type PrincipalId } from '../domain/principal.ts';
import { demandLifter, pausedReason } from './access/denialPause.ts';
import type {
  Analysis,
  AnalyzeInput,
  BusyWorker,
  JobResult,
  JobView,
  Orchestrator,
  ServedOrchestrator,
  Steer,
} from './api.ts';
import type { Approvals, Decider } from './approving/approvals.ts';
import type { Desk } from './approving/desk.ts';
import type { AuditFeed } from './auditing/feed.ts';
import { refuseImpossibleMerge } from './integrating/apply.ts';
import { JobJournal } from './journal.ts';
import { BusyWorkers } from './observing/busyWorkers.ts';
import { EndedViews } from './observing/endedViews.ts';
import { health } from './observing/health.ts';
import { jobDiff } from './observing/jobDiff.ts';
import { jobResult } from './observing/jobResult.ts';
import { type WaitOptions, waitForJob } from './observing/jobWait.ts';
import { unknownJob } from './observing/unknownJob.ts';
import type { TaskAnalyzer } from './planning/taskAnalyzer.ts';
import type { EventBus } from './ports/eventBus.ts';
import type { RunDeps } from './runDeps.ts';
import { JobRun } from './running/jobRun.ts';
import { recoverJobs } from './running/recovery.ts';
import { reopenTasks, retriable } from './running/reopen.ts';

export type OrchestratorDeps = RunDeps & {
  readonly bus: EventBus;
  readonly analyzer: TaskAnalyzer;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** What is wrong beside the jobs, a sentence each, for `system_health`. */
  readonly otherProblems?: () => readonly string[];
  readonly audit?: Pick<AuditFeed, 'tell'>;
  /** Throws where no worker may start, so that nothing is taken that could not be done. */
  readonly refuseWork?: () => void;
  readonly desk: Desk;
};

/** The core behind every face. One instance a state directory. */
export class LocalOrchestrator implements ServedOrchestrator {
  readonly #deps: OrchestratorDeps;
  readonly #runs = new Map<JobId, JobRun>();
  readonly #workers: BusyWorkers;
  readonly #ended = new EndedViews();
  /** Jobs of which events may still come. */
  readonly #owners = new Map<JobId, PrincipalId>();
  #draining = false;
  #closed = false;

  private constructor(deps: OrchestratorDeps) {
    this.#deps = deps;
    this.#workers = new BusyWorkers(deps.bus);
    deps.desk.connect({
      journalOf: (id) => this.#runs.get(id)?.journal,
      onTripped: (id) => this.#pauseForPerson(id),
    });
  }

  /** Opens the core and goes on with the jobs that an earlier process left unfinished. */
  static async open(deps: OrchestratorDeps): Promise<LocalOrchestrator> {
    const orchestrator = new LocalOrchestrator(deps);
    for (const journal of await recoverJobs(deps)) orchestrator.#run(journal);
    return orchestrator;
  }

  async analyze(input: AnalyzeInput): Promise<Analysis> {
    await this.#deps.workspaces.check(input.workspace);
    return this.#deps.analyzer.analyze(input);
  }

  async submit(
    spec: JobSpec,
    idempotencyKey: string | undefined,
    owner: PrincipalId = LOCAL_AGENT.id,
  ): Promise<{ view: JobView; created: boolean }> {
    this.#assertOpen();
    this.#deps.refuseWork?.();
    const job = await this.#newJob(spec, owner);
    // The workspace was looked at meanwhile; a job that comes after the end would run unseen.
    this.#assertOpen();
    const stored = await this.#deps.store.createJob(job, idempotencyKey);
    if (!stored.created) return { view: await this.status(stored.job.id), created: false };
    const journal = new JobJournal({ job: stored.job, tasks: [], seq: 1 }, this.#deps.store, this.#deps.bus);
    this.#owners.set(job.id, owner);
    this.#deps.bus.publish(await this.#deps.store.events(job.id, 0, 1));
    this.#run(journal);
    return { view: journal.view(), created: true };
  }

  async status(id: JobId): Promise<JobView> {
    const run = this.#runs.get(id);
    return run === undefined ? this.#storedView(id) : this.#viewNow(run);
  }

  async wait(id: JobId, options: WaitOptions): Promise<JobView> {
    await this.status(id);
    return waitForJob(this.#deps, id, () => this.status(id), options);
  }

  async result(id: JobId): Promise<JobResult> {
    return jobResult(this.#deps, await this.status(id));
  }

  async list(filter: Parameters<Orchestrator['list']>[0]): ReturnType<Orchestrator['list']> {
    const since = this.#ended.openings;
    const { jobs, nextCursor } = await this.#deps.store.jobs(filter);
    const views = await Promise.all(
      jobs.map((job) => {
        const run = this.#runs.get(job.id);
        return run === undefined ? this.#viewOf(job, since) : this.#viewNow(run);
      }),
    );
    return { views, nextCursor };
  }

  async cancel(
    id: JobId,
    taskId: TaskId | undefined,
    reason: string,
    by: PrincipalId = LOCAL_AGENT.id,
  ): Promise<JobView> {
    const run = await this.#running(id);
    if (run === undefined) {
      const view = await this.#storedView(id);
      if (taskId === undefined && view.job.status === 'cancelled') return view;
      throw new ConflictError(`Job ${id} is ${view.job.status} already.`, {
        hint: 'job_result gives what it did.',
      });
    }
    this.#deps.audit?.tell({
      type: 'job.cancelled',
      actor: by,
      jobId: id,
      ...(taskId === undefined ? {} : { taskId }),
      detail: { reason },
    });
    await run.cancel(taskId, reason);
    return this.#viewNow(run);
  }

  async steer(id: JobId, steer: Steer, who: Principal = LOCAL_AGENT): Promise<JobView> {
    const run = await this.#running(id);
    if (run === undefined) return this.#reopen(id, steer);
    demandLifter(run.journal.job, steer, who);
    await run.steer(steer);
    return this.#viewNow(run);
  }

  async taskOutput(
    id: JobId,
    taskId: TaskId,
    page: { offset: number; limit: number },
  ): ReturnType<Orchestrator['taskOutput']> {
    await this.#assertTask(id, taskId);
    return this.#deps.logs.read(id, taskId, page.offset, page.limit);
  }

  async followTaskOutput(id: JobId, taskId: TaskId, onGrowth: () => void): Promise<() => void> {
    await this.#assertTask(id, taskId);
    return this.#deps.logs.follow(id, taskId, onGrowth);
  }

  async events(id: JobId, after: number, limit: number): Promise<readonly JobEvent[]> {
    await this.status(id);
    return this.#deps.store.events(id, after, limit);
  }

  async diff(id: JobId): Promise<string> {
    return jobDiff(this.#deps, await this.status(id));
  }

  approvals(
    query: Parameters<Orchestrator['approvals']>[0],
    who: Principal = LOCAL_AGENT,
  ): ReturnType<Approvals['list']> {
    return this.#deps.desk.list(who, query);
  }

  approval(id: ApprovalId, who: Principal = LOCAL_AGENT): Promise<Approval> {
    return this.#deps.desk.get(who, id);
  }

  decide(
    id: ApprovalId,
    input: Parameters<Orchestrator['decide']>[1],
    who: Decider = { principal: LOCAL_AGENT, via: undefined },
  ): Promise<Approval> {
    return this.#deps.desk.decide(who, id, input);
  }

  health(): ReturnType<Orchestrator['health']> {
    return health(this.#deps, this.#runs.size);
  }

  async workers(): Promise<readonly BusyWorker[]> {
    return this.#workers.list((id) => this.#runs.get(id)?.journal.view());
  }

  spend(since: number): Promise<number> {
    return this.#deps.store.spend(since);
  }

  subscribe(listener: (event: JobEvent, owner: PrincipalId) => void): () => void {
    return this.#deps.bus.subscribe((event) =>
      listener(event, this.#owners.get(event.jobId) ?? LOCAL_AGENT.id),
    );
  }

  busy(): boolean {
    return this.#runs.size > 0;
  }

  async drain(graceMs: number, signal: AbortSignal): Promise<void> {
    this.#draining = true;
    const { scheduler, clock } = this.#deps;
    for (const run of this.#runs.values()) run.drain();
    const over = new AbortController();
    const time = clock.sleep(graceMs, AbortSignal.any([over.signal, signal])).catch(() => undefined);
    await Promise.race([scheduler.drain(), time]);
    over.abort();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#runs.values()].map((run) => run.shutdown()));
    await this.#deps.logs.flush();
    await this.#deps.store.close();
  }

  /** So many calls of a job were denied that a person must look at it. */
  #pauseForPerson(id: JobId): void {
    this.#runs
      .get(id)
      ?.pause(pausedReason({ id }))
      .catch((thrown: unknown) =>
        this.#deps.logger.error('SECURITY', 'a job could not be paused', {
          jobId: id,
          error: thrown instanceof Error ? thrown : new Error(String(thrown)),
        }),
      );
  }

  #run(journal: JobJournal): JobRun {
    this.#owners.set(journal.job.id, journal.job.owner);
    this.#ended.forget(journal.job.id);
    const run = new JobRun(this.#deps, journal);
    this.#runs.set(journal.job.id, run);
    void run.ended.finally(() => {
      if (this.#runs.get(journal.job.id) !== run) return;
      this.#runs.delete(journal.job.id);
      this.#owners.delete(journal.job.id);
    });
    return run;
  }

  /** A job that is driven, with what of it waits for a person. */
  #viewNow(run: JobRun): JobView {
    const view = run.journal.view();
    const approvals = this.#deps.desk.open(view.job.id);
    return approvals.length === 0 ? view : { ...view, approvals };
  }

  /** The run that drives a job; one whose job has ended is waited for, and is none any more. */
  async #running(id: JobId): Promise<JobRun | undefined> {
    const run = this.#runs.get(id);
    if (run === undefined || !isTerminal(run.journal.job)) return run;
    await run.ended;
    return undefined;
  }

  /** Everything that can be refused is refused here, before anything is stored or started. */
  async #newJob(spec: JobSpec, owner: PrincipalId): Promise<Job> {
    if (spec.tasks !== undefined) buildPlan(spec.tasks);
    refuseImpossibleMerge(spec);
    const { workspaces, ids, clock } = this.#deps;
    const workspace = await workspaces.check(spec.workspace);
    const repository = spec.isolation === 'worktree' ? await workspaces.repository(workspace) : undefined;
    return {
      id: ids.job(),
      owner,
      spec: { ...spec, workspace },
      status: 'planning',
      createdAt: clock.now(),
      ...(repository === undefined
        ? {}
        : { base: { commit: repository.state.head, branch: repository.state.branch } }),
      warnings: [
        ...(repository?.state.warnings ?? []),
        ...(spec.isolation === 'shared' ? [SHARED_WARNING] : []),
      ],
      applied: false,
      filesChanged: [],
      verification: 'none',
      overheadCostUsd: 0,
    };
  }

  /** A job that ended `failed` runs again with the tasks that failed. */
  async #reopen(id: JobId, steer: Steer): Promise<JobView> {
    const view = await this.#storedView(id);
    if (steer.action !== 'retry' || view.job.status !== 'failed') {
      throw new ConflictError(`Job ${id} is ${view.job.status} already.`, {
        hint:
          steer.action === 'retry'
            ? 'Only a failed job can be retried; submit a new one.'
            : 'Only a running job can be steered.',
      });
    }
    this.#assertOpen();
    const journal = new JobJournal(
      { job: view.job, tasks: view.tasks, seq: view.seq },
      this.#deps.store,
      this.#deps.bus,
    );
    await reopenTasks(journal, steer.taskId === undefined ? retriable(journal) : [steer.taskId]);
    return this.#run(journal).journal.view();
  }

  async #storedView(id: JobId): Promise<JobView> {
    const known = this.#ended.get(id);
    if (known !== undefined) return known;
    const since = this.#ended.openings;
    const job = await this.#deps.store.job(id);
    if (job === undefined) throw unknownJob(id);
    return this.#viewOf(job, since);
  }

  /** @param since `openings` before the record was read. */
  async #viewOf(job: Job, since: number): Promise<JobView> {
    const known = this.#ended.get(job.id);
    if (known !== undefined) return known;
    const { store } = this.#deps;
    const view = { job, tasks: await store.tasks(job.id), seq: await store.lastSeq(job.id) };
    // A job that is driven changes still; one that was opened since its record was read is not what it was.
    if (!this.#runs.has(job.id)) this.#ended.keep(view, since);
    return view;
  }

  async #assertTask(id: JobId, taskId: TaskId): Promise<void> {
    const view = await this.status(id);
    if (view.tasks.some((task) => task.spec.id === taskId)) return;
    throw new JobNotFoundError(`Job ${id} has no task "${taskId}".`, {
      hint: 'job_status lists the ids of its tasks.',
    });
  }

  #assertOpen(): void {
    if (this.#closed || this.#draining)
      throw new ConflictError('The server is stopping.', {
        hint: 'Call again in a few seconds.',
        retryable: true,
      });
  }
}

const SHARED_WARNING =
  'isolation "shared": workers write straight into the folder. "done" means that the worker ended and its verification was green there; there is no branch, no merge and no undo.';
