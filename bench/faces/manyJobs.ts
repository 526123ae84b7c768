import { join } from 'node:path';
import { type JobId, jobIdSchema, taskIdSchema } from '../../src/domain/ids.ts';
import { type Job, jobSchema } from '../../src/domain/job.ts';
import { newTask, type Task, taskSpecSchema } from '../../src/domain/task.ts';
import { openDatabase } from '../../src/infrastructure/store/database.ts';
import { storeOver } from '../../src/infrastructure/store/store.ts';
import { systemClock } from '../../src/infrastructure/system/systemClock.ts';
import type { Ground } from '../contest/contender.ts';
import { stateDir } from './localServer.ts';

const MINUTE_MS = 60_000;
/** Tasks of an ordinary job, and the layers of a large one: a task depends on two of the layer before. */
const FEW = 3;
const WIDTH = 10;

const idOf = (number: number): JobId => jobIdSchema.parse(`job_${String(number).padStart(16, '0')}`);

const jobOf = (ground: Ground, number: number, now: number): Job =>
  jobSchema.parse({
    id: idOf(number),
    spec: {
      request: `Write the notes of part ${number}, with tests, and leave what others have written alone.`,
      workspace: ground.repository,
      copy: [],
      isolation: 'worktree',
      fresh: false,
      apply: 'branch',
      allowUnverified: false,
      priority: 'normal',
    },
    status: 'planning',
    createdAt: now - number * MINUTE_MS,
    warnings: [],
    applied: false,
    filesChanged: [],
    verification: 'none',
    overheadCostUsd: 0,
  });

const tasksOf = (job: Job, count: number): readonly Task[] =>
  Array.from({ length: count }, (_, at) => {
    const layer = Math.floor(at / WIDTH);
    const before = layer === 0 ? [] : [at - WIDTH, (layer - 1) * WIDTH + ((at + 1) % WIDTH)];
    const spec = taskSpecSchema.parse({
      id: taskIdSchema.parse(`task-${at}`),
      title: `Note ${at}`,
      prompt: `Write note ${at}.`,
      dependsOn: [...new Set(before)].map((each) => `task-${each}`),
      priority: 'normal',
    });
    const startedAt = job.createdAt + layer * 10_000;
    return {
      ...newTask(job.id, spec),
      status: 'done',
      attempts: 1,
      startedAt,
      endedAt: startedAt + 8000,
      seconds: 8,
      costUsd: 0.02,
    };
  });

/**
 * Fills the store of a server that does not run yet with jobs that have ended, one in ten of them failed: 1,000
 * real ones would take hours. @returns the id of the newest, which has `tasks` tasks.
 */
export const storeManyJobs = async (
  ground: Ground,
  o: { readonly jobs: number; readonly tasks: number },
): Promise<string> => {
  const path = join(stateDir(ground), 'orchestrator.sqlite');
  const store = storeOver(await openDatabase(path), { clock: systemClock, maxQueuedTasks: 10_000 });
  try {
    const now = systemClock.now();
    for (let number = 0; number < o.jobs; number++) {
      const { job } = await store.createJob(jobOf(ground, number, now), undefined);
      const tasks = tasksOf(job, number === 0 ? o.tasks : FEW);
      const ended: Job = {
        ...job,
        status: number % 10 === 9 ? 'failed' : 'succeeded',
        endedAt: job.createdAt + 40_000,
        planSource: 'caller',
      };
      await store.commit(
        job.id,
        [
          { kind: 'plan', jobId: job.id, tasks },
          { kind: 'job', from: 'planning', to: ended },
        ],
        [{ type: 'job.status', from: 'planning', to: ended.status }],
      );
    }
    return idOf(0);
  } finally {
    await store.close();
  }
};
