import type { Change } from '../../application/ports/store.ts';
import { ConflictError, InternalError, TaskValidationError } from '../../domain/errors/index.ts';
import type { JobId } from '../../domain/ids.ts';
import type { JobStatus } from '../../domain/job.ts';
import { type Task, type TaskStatus, TERMINAL_TASK } from '../../domain/task.ts';
import type { AuditWriter } from './auditStep.ts';
import { encodeApproval, encodeJobState, encodeTaskSpec, encodeTaskState } from './records.ts';
import type { Statements } from './statements.ts';

/** A change whose records are checked and encoded; what is left is to run its statements. */
export type PreparedChange = {
  /** True where what the job counts in the queue cannot be told from the change alone. */
  readonly reweighs: boolean;
  /** Change of the number of open tasks, as far as the change alone tells. */
  readonly openDelta: number;
  /** The job's status after the change, where the change is of the job. */
  readonly jobStatus?: JobStatus;
  /** @throws ConflictError where the stored state is not the one that the change starts from. */
  write(): void;
};

const openness = (status: TaskStatus): number => (TERMINAL_TASK.has(status) ? 0 : 1);

/**
 * Checks and encodes one change, outside the transaction and at once, so that what is written is what was
 * handed over.
 * @throws InternalError where the record is not one that could be read back.
 */
export const prepareChange = (
  { statements, audit }: { readonly statements: Statements; readonly audit: AuditWriter },
  jobId: JobId,
  change: Change,
): PreparedChange => {
  switch (change.kind) {
    case 'task':
      return prepareTask(statements, jobId, change);
    case 'job':
      return prepareJob(statements, jobId, change);
    case 'plan':
      return preparePlan(statements, jobId, change);
    case 'approval':
      return prepareApproval(statements, jobId, change);
    case 'audit':
      return { reweighs: false, openDelta: 0, ...audit.prepare(change.entry) };
  }
};

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>;

const prepareTask = (statements: Statements, jobId: JobId, { from, to }: Of<'task'>): PreparedChange => {
  assertSameJob(jobId, to.jobId);
  const key = { job: jobId, id: to.spec.id };
  const values = {
    ...key,
    fromStatus: from.status,
    fromAttempts: from.attempts,
    status: to.status,
    attempts: to.attempts,
    state: encodeTaskState(to),
  };
  return {
    reweighs: false,
    openDelta: openness(to.status) - openness(from.status),
    write: () => {
      if (statements.updateTask(values) === 1) return;
      const stored = statements.taskHead.first(key);
      throw changedMeanwhile(
        `Task ${to.spec.id}`,
        `${from.status} in attempt ${from.attempts}`,
        stored && `${stored.status} in attempt ${stored.attempts}`,
        key,
      );
    },
  };
};

const prepareJob = (statements: Statements, jobId: JobId, { from, to }: Of<'job'>): PreparedChange => {
  assertSameJob(jobId, to.id);
  const values = { id: jobId, from, to: to.status, state: encodeJobState(to) };
  return {
    reweighs: true,
    openDelta: 0,
    jobStatus: to.status,
    write: () => {
      if (statements.updateJob(values) === 1) return;
      throw changedMeanwhile(`Job ${jobId}`, from, statements.head.first({ id: jobId })?.status, {
        job: jobId,
      });
    },
  };
};

const preparePlan = (statements: Statements, jobId: JobId, change: Of<'plan'>): PreparedChange => {
  assertSameJob(jobId, change.jobId);
  if (change.tasks.length === 0) {
    throw new TaskValidationError('The plan has no tasks.', {
      hint: 'Plan at least one task.',
      context: { job: jobId },
    });
  }
  const rows = change.tasks.map((task, position) => ({
    job: taskJob(jobId, task),
    id: task.spec.id,
    position,
    status: task.status,
    attempts: task.attempts,
    state: encodeTaskState(task),
    spec: encodeTaskSpec(task),
  }));
  return {
    reweighs: true,
    openDelta: 0,
    write: () => {
      if ((statements.weight.first({ id: jobId })?.planned ?? 0) > 0) {
        throw new ConflictError(`Job ${jobId} has a plan already.`, {
          hint: 'Read its tasks with job_status; a plan is written once.',
          context: { job: jobId },
        });
      }
      for (const row of rows) {
        statements.insertTask(row);
        statements.insertTaskSpec(row);
      }
    },
  };
};

const prepareApproval = (
  statements: Statements,
  jobId: JobId,
  { from, to }: Of<'approval'>,
): PreparedChange => {
  assertSameJob(jobId, to.jobId);
  const { id, revision, status, expiresAt } = to;
  const changed = { id, revision, status, expiresAt, state: encodeApproval(to) };
  const write = (): void => {
    if (from === undefined) {
      const { taskId: task, requestedBy: owner, digest, createdAt } = to;
      statements.insertApproval({ ...changed, job: jobId, task, owner, digest, createdAt });
      return;
    }
    if (statements.updateApproval({ ...changed, from }) === 1) return;
    const stored = statements.approvalHead.first({ id });
    throw new ConflictError(
      stored === undefined
        ? `There is no approval ${id}.`
        : `Approval ${id} is ${stored.status} meanwhile: someone else was first.`,
      {
        hint: 'Read it with list_approvals and decide again.',
        context: { approval: id, expected: from, found: stored?.revision },
      },
    );
  };
  return { reweighs: false, openDelta: 0, write };
};

const taskJob = (jobId: JobId, task: Task): JobId => {
  assertSameJob(jobId, task.jobId);
  return jobId;
};

const assertSameJob = (jobId: JobId, other: JobId): void => {
  if (other === jobId) return;
  throw new InternalError(`A step of job ${jobId} holds a change of job ${other}.`, {
    hint: 'This is a fault of the orchestrator: look at the server log, and report it.',
  });
};

const changedMeanwhile = (
  what: string,
  expected: string,
  found: string | undefined,
  context: Readonly<Record<string, unknown>>,
): ConflictError =>
  new ConflictError(
    found === undefined
      ? `${what} is not in the plan.`
      : `${what} is ${found}, not ${expected}: someone else was first.`,
    { hint: 'Read the state with job_status and decide again.', context: { ...context, expected, found } },
  );
