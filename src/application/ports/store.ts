import type { Approval, ApprovalStatus } from '../../domain/approval.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Happening, JobEvent } from '../../domain/events.ts';
import type { ApprovalId, JobId, TaskId } from '../../domain/ids.ts';
import type { Job, JobStatus } from '../../domain/job.ts';
import type { PrincipalId } from '../../domain/principal.ts';
import type { Task } from '../../domain/task.ts';

/**
 * One durable step. A task or job change is applied by compare-and-set: it is refused with a ConflictError
 * where the stored status or attempt is not the one given.
 */
export type Change =
  | { readonly kind: 'task'; readonly from: Pick<Task, 'status' | 'attempts'>; readonly to: Task }
  | { readonly kind: 'job'; readonly from: JobStatus; readonly to: Job }
  /** Writes the plan: the tasks of a job that had none. */
  | { readonly kind: 'plan'; readonly jobId: JobId; readonly tasks: readonly Task[] }
  /** A new approval where `from` is undefined; else the one of this revision becomes `to`. */
  | { readonly kind: 'approval'; readonly from: number | undefined; readonly to: Approval }
  /** The next entry of the audit chain. */
  | { readonly kind: 'audit'; readonly entry: AuditEntry };

export type JobFilter = {
  /** Only jobs that this principal submitted. */
  readonly owner?: PrincipalId;
  readonly statuses?: readonly JobStatus[];
  readonly limit: number;
  /** Opaque; from the answer before. */
  readonly cursor?: string;
};

export type ApprovalFilter = {
  /** Only those of jobs that this principal submitted. */
  readonly owner?: PrincipalId;
  readonly jobId?: JobId;
  readonly statuses?: readonly ApprovalStatus[];
  readonly limit: number;
  /** Opaque; from the answer before. */
  readonly cursor?: string;
};

export interface Store {
  /**
   * Writes a new job and its `job.submitted` event in one transaction.
   * @returns the stored job, and `created: false` where the same idempotency key and body were there already.
   * @throws ConflictError same key, other body · RateLimitError queue full
   */
  createJob(job: Job, idempotencyKey: string | undefined): Promise<{ job: Job; created: boolean }>;
  /**
   * Applies changes and appends happenings, all in one transaction or nothing; on a full disk it waits for room. What was asked (`spec`) is written
   * once and never again. Resolves after the commit is
   * durable. Steps handed over in one turn of the event loop share one commit.
   * @returns the events as they were numbered.
   * @throws ConflictError where a compare-and-set fails; nothing of this call is then written.
   */
  commit(
    jobId: JobId,
    changes: readonly Change[],
    happenings: readonly Happening[],
  ): Promise<readonly JobEvent[]>;
  job(id: JobId): Promise<Job | undefined>;
  tasks(id: JobId): Promise<readonly Task[]>;
  task(id: JobId, task: TaskId): Promise<Task | undefined>;
  /** Newest first. */
  jobs(filter: JobFilter): Promise<{ jobs: readonly Job[]; nextCursor: string | undefined }>;
  /** Events with `seq > after`, in order. */
  events(id: JobId, after: number, limit: number): Promise<readonly JobEvent[]>;
  /** Number of the job's last event; 0 where there is no such job. */
  lastSeq(id: JobId): Promise<number>;
  approval(id: ApprovalId): Promise<Approval | undefined>;
  /** Newest first. */
  approvals(
    filter: ApprovalFilter,
  ): Promise<{ approvals: readonly Approval[]; nextCursor: string | undefined }>;
  /** Jobs that are in no terminal state, oldest first. */
  unfinishedJobs(): Promise<readonly Job[]>;
  /** Steps that wait until the disk takes them; 0 where all is well. */
  waitingForDisk(): number;
  /** Tasks that have not ended, over all jobs; a job without a plan counts its caller's tasks, or one. */
  openTaskCount(): Promise<number>;
  /** Cost of the tasks that ended since then and of those that have not ended, USD. @param since ms since the epoch. */
  spend(since: number): Promise<number>;
  close(): Promise<void>;
}
