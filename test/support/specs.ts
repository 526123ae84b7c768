import { type Approval, approvalSchema } from '../../src/domain/approval.ts';
import { type JobId, jobIdSchema, type TaskId, taskIdSchema } from '../../src/domain/ids.ts';
import { type Job, type JobSpec, jobSchema, jobSpecSchema } from '../../src/domain/job.ts';
import { newTask, type Task, type TaskSpec, taskSpecSchema } from '../../src/domain/task.ts';

export const JOB_ID: JobId = jobIdSchema.parse('job_0000000000000000');
export const taskId = (id: string): TaskId => taskIdSchema.parse(id);

/** A small valid task; `part` says what matters to the test. */
export const taskSpec = (id: string, part: Record<string, unknown> = {}): TaskSpec =>
  taskSpecSchema.parse({ id, title: id, prompt: `do ${id}`, dependsOn: [], priority: 'normal', ...part });

export const task = (id: string, part: Partial<Task> = {}, spec: Record<string, unknown> = {}): Task => ({
  ...newTask(JOB_ID, taskSpec(id, spec)),
  ...part,
});

export const jobSpec = (part: Record<string, unknown> = {}): JobSpec =>
  jobSpecSchema.parse({
    request: 'make it so',
    workspace: '/srv/repository',
    copy: [],
    isolation: 'worktree',
    fresh: false,
    apply: 'branch',
    allowUnverified: false,
    priority: 'normal',
    ...part,
  });

export const job = (part: Record<string, unknown> = {}): Job =>
  jobSchema.parse({
    id: JOB_ID,
    spec: jobSpec(),
    status: 'running',
    createdAt: 0,
    warnings: [],
    applied: false,
    filesChanged: [],
    verification: 'none',
    overheadCostUsd: 0,
    ...part,
  });

/** A call of task `a` that waits for a person; `part` says what matters to the test. */
export const approval = (part: Record<string, unknown> = {}): Approval =>
  approvalSchema.parse({
    id: 'apr_0000000000000000',
    revision: 1,
    jobId: JOB_ID,
    taskId: 'a',
    lineage: 1,
    requestedBy: 'local-agent',
    status: 'pending',
    risk: 'HIGH',
    reasons: [],
    call: { tool: 'Bash', input: { command: 'rm x' }, cwd: '/srv/lane', env: {}, files: [] },
    policyHash: 'p',
    digest: '0'.repeat(64),
    goal: 'do a',
    touches: [],
    asked: 1,
    toolUseId: 'toolu_1',
    sessionId: 'session-1',
    worktree: '/srv/lane',
    approversNeeded: 1,
    decisions: [],
    usesLeft: 0,
    createdAt: 0,
    expiresAt: 1000,
    ...part,
  });
