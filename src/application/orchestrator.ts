import type { Approval } from '../domain/approval.ts';
import { ConflictError } from '../domain/errors/index.ts';
import type { JobEvent } from '../domain/events.ts';
import type { ApprovalId, JobId, TaskId } from '../domain/ids.ts';
import type { JobSpec } from '../domain/job.ts';
import { LOCAL_AGENT, type Principal, type PrincipalId } from '../domain/principal.ts';
import { demandLifter, liftedEntry, liftsPause } from './access/denialPause.ts';
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
import { JobJournal } from './journal.ts';
import { BusyWorkers } from './observing/busyWorkers.ts';
import { health } from './observing/health.ts';
import { jobDiff } from './observing/jobDiff.ts';
import { jobResult } from './observing/jobResult.ts';
import { JobViews } from './observing/jobViews.ts';
import { type WaitOptions, waitForJob } from './observing/jobWait.ts';
import type { TaskAnalyzer } from './planning/taskAnalyzer.ts';
import type { EventBus } from './ports/eventBus.ts';
import type { RunDeps } from './runDeps.ts';
import { JobRuns } from './running/job/jobRuns.ts';
import { newJob } from './running/job/newJob.ts';
import { recoverJobs } from './running/job/recovery.ts';
import { reopenTasks, retriable, retryOf } from './running/job/reopen.ts';

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
  readonly #runs: JobRuns;
  readonly #views: JobViews;
  readonly #workers: BusyWorkers;
  #draining = false;
  #closed = false;

  private constructor(deps: OrchestratorDeps) {
    this.#deps = deps;
    this.#workers = new BusyWorkers(deps.bus);
    const journalOf = (id: JobId): JobJournal | undefined => this.#runs.get(id)?.journal;
    this.#views = new JobViews(deps, journalOf);
    this.#runs = new JobRuns(deps, (id) => this.#views.forget(id));
    deps.desk.connect({ journalOf, onTripped: (id) => this.#runs.pauseForPerson(id) });
  }

  /** Opens the core and goes on with the jobs that an earlier process left unfinished. */
  static async open(deps: OrchestratorDeps): Promise<LocalOrchestrator> {
    const orchestrator = new LocalOrchestrator(deps);
    for (const journal of await recoverJobs(deps)) orchestrator.#runs.start(journal);
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
    const job = await newJob(this.#deps, spec, owner);
    // The workspace was looked at meanwhile; a job that comes after the end would run unseen.
    this.#assertOpen();
    const stored = await this.#deps.store.createJob(job, idempotencyKey);
    if (!stored.created) return { view: await this.status(stored.job.id), created: false };
    const journal = new JobJournal({ job: stored.job, tasks: [], seq: 1 }, this.#deps.store, this.#deps.bus);
    this.#runs.expect(job.id, owner);
    this.#deps.bus.publish(await this.#deps.store.events(job.id, 0, 1));
    this.#runs.start(journal);
    return { view: journal.view(), created: true };
  }

  status(id: JobId): Promise<JobView> {
    return this.#views.status(id);
  }

  async wait(id: JobId, options: WaitOptions): Promise<JobView> {
    await this.status(id);
    return waitForJob(this.#deps, id, () => this.status(id), options);
  }

  async result(id: JobId): Promise<JobResult> {
    return jobResult(this.#deps, await this.status(id));
  }

  list(filter: Parameters<Orchestrator['list']>[0]): ReturnType<Orchestrator['list']> {
    return this.#views.list(filter);
  }

  async cancel(
    id: JobId,
    taskId: TaskId | undefined,
    reason: string,
    by: PrincipalId = LOCAL_AGENT.id,
  ): Promise<JobView> {
    const run = await this.#runs.running(id);
    if (run === undefined) {
      const view = await this.#views.stored(id);
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
    return this.#views.driven(run.journal);
  }

  async steer(
    id: JobId,
    steer: Steer,
    who: Principal = LOCAL_AGENT,
    how?: Parameters<Orchestrator['steer']>[3],
  ): Promise<JobView> {
    const run = await this.#runs.running(id);
    if (run === undefined) return this.#reopen(id, steer);
    const { job } = run.journal;
    demandLifter(job, steer, who);
    if (liftsPause(job, steer)) this.#deps.audit?.tell(liftedEntry(job, who, how));
    await run.steer(steer);
    return this.#views.driven(run.journal);
  }

  async taskOutput(
    id: JobId,
    taskId: TaskId,
    page: { offset: number; limit: number },
  ): ReturnType<Orchestrator['taskOutput']> {
    await this.#views.assertTask(id, taskId);
    return this.#deps.logs.read(id, taskId, page.offset, page.limit);
  }

  async followTaskOutput(id: JobId, taskId: TaskId, onGrowth: () => void): Promise<() => void> {
    await this.#views.assertTask(id, taskId);
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
    return health(this.#deps, this.#runs.count);
  }

  async workers(): Promise<readonly BusyWorker[]> {
    return this.#workers.list((id) => this.#runs.get(id)?.journal.view());
  }

  spend(since: number): Promise<number> {
    return this.#deps.store.spend(since);
  }

  subscribe(listener: (event: JobEvent, owner: PrincipalId) => void): () => void {
    return this.#deps.bus.subscribe((event) => listener(event, this.#runs.ownerOf(event.jobId)));
  }

  busy(): boolean {
    return this.#runs.count > 0;
  }

  async drain(graceMs: number, signal: AbortSignal): Promise<void> {
    this.#draining = true;
    await this.#runs.drain(graceMs, signal);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#runs.shutdown();
    await this.#deps.logs.flush();
    await this.#deps.store.close();
  }

  /** A job that ended `failed` runs again with the tasks that failed. */
  async #reopen(id: JobId, steer: Steer): Promise<JobView> {
    const view = await this.#views.stored(id);
    const retry = retryOf(view.job, steer);
    this.#assertOpen();
    const journal = new JobJournal(
      { job: view.job, tasks: view.tasks, seq: view.seq },
      this.#deps.store,
      this.#deps.bus,
    );
    await reopenTasks(journal, retry.taskId === undefined ? retriable(journal) : [retry.taskId]);
    return this.#runs.start(journal).journal.view();
  }

  #assertOpen(): void {
    if (this.#closed || this.#draining)
      throw new ConflictError('The server is stopping.', {
        hint: 'Call again in a few seconds.',
        retryable: true,
      });
  }
}
