import { type JobId, jobIdSchema } from '../../../src/domain/ids.ts';
import type { Job, JobSpec } from '../../../src/domain/job.ts';
import { LOCAL_AGENT } from '../../../src/domain/principal.ts';
import { newTask, type Task, type TaskSpec, taskSpecSchema } from '../../../src/domain/task.ts';

/* Plain records to store; apart from the fixtures, so that child processes can use them without vitest. */

export const jobId = (number: number): JobId => jobIdSchema.parse(`job_${String(number).padStart(16, '0')}`);

export const taskSpec = (id: string, more: Partial<TaskSpec> = {}): TaskSpec => ({
  ...taskSpecSchema.parse({
    id,
    title: `Task ${id}`,
    prompt: `Do ${id}.`,
    dependsOn: [],
    priority: 'normal',
  }),
  ...more,
});

export const taskOf = (job: JobId, id: string): Task => newTask(job, taskSpec(id));

export const jobOf = (number: number, spec: Partial<JobSpec> = {}, more: Partial<Job> = {}): Job => ({
  id: jobId(number),
  owner: LOCAL_AGENT.id,
  spec: {
    request: 'Make the tests pass.',
    workspace: '/srv/repository',
    copy: [],
    isolation: 'worktree',
    fresh: false,
    apply: 'branch',
    allowUnverified: false,
    priority: 'normal',
    ...spec,
  },
  status: 'planning',
  createdAt: 1_000 + number,
  warnings: [],
  applied: false,
  filesChanged: [],
  verification: 'none',
  overheadCostUsd: 0,
  ...more,
});
