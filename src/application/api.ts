import type { Approval } from '../domain/approval.ts';
import type { JobEvent } from '../domain/events.ts';
import type { ApprovalId, JobId, TaskId } from '../domain/ids.ts';
import type { Complexity, Estimate, Job, JobSpec, JobStatus } from '../domain/job.ts';
import type { Principal, PrincipalId } from '../domain/principal.ts';
import type { ErrorRecord, Priority, Task, TaskSpec } from '../domain/task.ts';
import type { ApprovalQuery, Approvals, Decider, DecisionInput } from './approving/approvals.ts';

/** A job with its tasks: what every face shows. */
export type JobView = {
  readonly job: Job;
  readonly tasks: readonly Task[];
  /** Sequence number of the last event seen, so that a wait can go on from here. */
  readonly seq: number;
  /** Approvals of the job that are open, oldest first; absent where there are none. */
  readonly approvals?: readonly Approval[];
};

export type Analysis = {
  readonly complexity: Complexity;
  readonly splittable: boolean;
  readonly suggestedWorkers: number;
  readonly priority: Priority;
  readonly reasons: readonly string[];
  /** The plan as far as it can be told without a model; undefined where only the planner could split it. */
  readonly preview: readonly TaskSpec[] | undefined;
  readonly estimate: Estimate;
  /** One sentence: is parallel work worth it, and by which two numbers. */
  readonly verdict: string;
  readonly cached: boolean;
};

export type AnalyzeInput = Pick<JobSpec, 'request' | 'workspace' | 'tasks' | 'maxWorkers' | 'priority'>;

export type Steer =
  | { readonly action: 'retry'; readonly taskId?: TaskId }
  | { readonly action: 'skip'; readonly taskId: TaskId; readonly reason?: string }
  | { readonly action: 'message'; readonly taskId: TaskId; readonly message: string };

/** A job's outcome with its parts put together (the specification's ResultAggregator). */
export type JobResult = {
  readonly view: JobView;
  /** The tasks' summaries in plan order, each under its title. */
  readonly output: string;
  readonly diffStat: string;
  readonly failures: readonly { readonly taskId: TaskId; readonly error: ErrorRecord }[];
};

export type Health = {
  readonly status: 'ok' | 'degraded';
  readonly problems: readonly string[];
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly workers: { readonly limit: number; readonly live: number; readonly busy: number };
  readonly queue: { readonly openTasks: number; readonly limit: number; readonly jobsRunning: number };
  readonly memory: { readonly serverBytes: number; readonly availableBytes: number };
  readonly claude:
    | { readonly path: string; readonly version: string; readonly credentials: boolean }
    | undefined;
  readonly node: string;
};

/** A worker at its task. */
export type BusyWorker = {
  readonly jobId: JobId;
  readonly taskId: TaskId;
  readonly title: string;
  readonly attempt: number;
  readonly status: 'running' | 'verifying';
  readonly lane: number;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly since: number;
};

/**
 * The one interface that every face calls: what a caller has. Every method may throw an OrchestratorError and nothing else.
 */
export interface Orchestrator {
  analyze(input: AnalyzeInput): Promise<Analysis>;
  /**
   * Resolves once the job is durable; the work goes on by itself.
   * @param owner who asks; without one the local agent. Idempotency keys are the owner's own.
   */
  submit(
    spec: JobSpec,
    idempotencyKey: string | undefined,
    owner?: PrincipalId,
  ): Promise<{ view: JobView; created: boolean }>;
  status(id: JobId): Promise<JobView>;
  /**
   * Waits until the job has ended or wants attention; at most `waitMs`, or until the signal aborts. Resolves
   * with the job as it is then. `onEvent` sees each event as it comes.
   */
  wait(
    id: JobId,
    options: {
      readonly waitMs: number;
      readonly signal: AbortSignal;
      readonly onEvent: (event: JobEvent, view: JobView) => void;
    },
  ): Promise<JobView>;
  result(id: JobId): Promise<JobResult>;
  list(filter: {
    /** Only jobs that this principal submitted. */
    readonly owner?: PrincipalId;
    readonly statuses?: readonly JobStatus[];
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<{ readonly views: readonly JobView[]; readonly nextCursor: string | undefined }>;
  /**
   * Cancels a job, or one task of it. Resolves when no process of it is left.
   * @param by the local agent where nobody is named.
   */
  cancel(id: JobId, taskId: TaskId | undefined, reason: string, by?: PrincipalId): Promise<JobView>;
  /**
   * @param who where it is left out, the local agent.
   * @throws ForbiddenError where a job that was stopped for its denials is retried by its own submitter.
   */
  steer(id: JobId, steer: Steer, who?: Principal, how?: Pick<Decider, 'via' | 'session'>): Promise<JobView>;
  taskOutput(
    id: JobId,
    taskId: TaskId,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<{ readonly text: string; readonly size: number; readonly nextOffset: number | undefined }>;
  /**
   * Hears what is added to a task's log from now on, about as often as it is written to disk; ends with the
   * returned function. What is there already is read by `taskOutput`.
   */
  followTaskOutput(id: JobId, taskId: TaskId, onGrowth: () => void): Promise<() => void>;
  events(id: JobId, after: number, limit: number): Promise<readonly JobEvent[]>;
  diff(id: JobId): Promise<string>;
  /** See `Approvals`, which this is for one caller. @param who the local agent where nobody is named. */
  approvals(query: ApprovalQuery, who?: Principal): ReturnType<Approvals['list']>;
  approval(id: ApprovalId, who?: Principal): Promise<Approval>;
  /** @param who the local agent where nobody is named. */
  decide(id: ApprovalId, input: DecisionInput, who?: Decider): Promise<Approval>;
  health(): Promise<Health>;
  /** The workers that have a task now. */
  workers(): Promise<readonly BusyWorker[]>;
  /** What tasks that ended since `since` and those that run have cost, USD. @param since ms since the epoch. */
  spend(since: number): Promise<number>;
  /** Hears every event of every job and whose job it is; ends with the returned function. */
  subscribe(listener: (event: JobEvent, owner: PrincipalId) => void): () => void;
}

/** What the process has that runs it, beside what its callers have. */
export interface ServedOrchestrator extends Orchestrator {
  /** True while a job is driven or tasks run. */
  busy(): boolean;
  /**
   * Takes no more work and starts no more tasks; resolves when none runs any more, after `graceMs`, or when the
   * signal aborts. `close` stops what is left then.
   */
  drain(graceMs: number, signal: AbortSignal): Promise<void>;
  /** Stops workers and keeps state: unfinished jobs go on at the next start. */
  close(): Promise<void>;
}
