import path from 'node:path';
import { JobJournal } from '../../../src/application/journal.ts';
import { EventHub } from '../../../src/application/observing/eventHub.ts';
import type { Store } from '../../../src/application/ports/store.ts';
import { type JobId, jobIdSchema, type TaskId } from '../../../src/domain/ids.ts';
import { type Job, jobSchema } from '../../../src/domain/job.ts';
import { LOCAL_AGENT } from '../../../src/domain/principal.ts';
import { newTask } from '../../../src/domain/task.ts';
import { openDatabase } from '../../../src/infrastructure/store/database.ts';
import { storeOver } from '../../../src/infrastructure/store/store.ts';
import type { Sandbox } from '../sandbox.ts';
import { jobSpec, taskSpec } from '../specs.ts';

const MINUTE_MS = 60_000;
const MOST_TASKS = 10_000;

const id = (number: number): JobId => jobIdSchema.parse(`job_${String(number).padStart(16, '0')}`);

const newJob = (number: number, createdAt: number, sandbox: Sandbox, request: string): Job =>
  jobSchema.parse({
    id: id(number),
    owner: LOCAL_AGENT.id,
    spec: jobSpec({ request, workspace: sandbox.repository }),
    status: 'planning',
    createdAt,
    warnings: [],
    applied: false,
    filesChanged: [],
    verification: 'none',
    overheadCostUsd: 0,
  });

/** Five columns of tasks, each waiting for two of the one before: a graph with as many edges as a real one. */
const layered = (tasks: number, columns: number) => {
  const rows = Math.ceil(tasks / columns);
  const name = (at: number): string => `task-${at}`;
  return Array.from({ length: tasks }, (_, at) => {
    const before = at - rows;
    return taskSpec(name(at), {
      title: `Task number ${at} of a large job`,
      dependsOn: before < 0 ? [] : [name(before), ...(before % rows === 0 ? [] : [name(before - 1)])],
    });
  });
};

/** Writes a job that ended well: plan, starts, ends, each with its event, as a run leaves them. */
const writeEnded = async (store: Store, job: Job, tasks: number, columns: number): Promise<void> => {
  const stored = await store.createJob(job, undefined);
  const journal = new JobJournal({ job: stored.job, tasks: [], seq: 1 }, store, new EventHub());
  const at = job.createdAt;
  const specs = layered(tasks, columns);
  await journal.plan(
    specs.map((spec) => newTask(job.id, spec)),
    {},
    [],
  );
  const lanes = 8;
  const seconds = 20;
  const step = async (move: 'start' | 'finish_work' | 'accept', taskId: TaskId, number: number) => {
    const startedAt = at + Math.floor(number / lanes) * seconds * 1000;
    const common = { taskId, attempt: 1 };
    await journal.record({
      tasks: [
        {
          id: taskId,
          move,
          patch:
            move === 'start'
              ? { attempts: 1, startedAt }
              : move === 'accept'
                ? { endedAt: startedAt + seconds * 1000, seconds, costUsd: 0.01, verification: 'passed' }
                : {},
        },
      ],
      happenings: [
        move === 'start'
          ? { type: 'task.started', ...common, lane: number % lanes, pid: 1, sessionId: 'none' }
          : move === 'finish_work'
            ? { type: 'task.verifying', ...common, costUsd: 0.01 }
            : { type: 'task.done', ...common, verification: 'passed', filesChanged: 1 },
      ],
    });
  };
  await journal.record({
    tasks: specs.map((spec) => ({ id: spec.id, move: 'release' as const })),
    happenings: [],
  });
  for (const move of ['start', 'finish_work', 'accept'] as const)
    await Promise.all(specs.map((spec, number) => step(move, spec.id, number)));
  await journal.record({ job: { move: 'integrate' }, happenings: [] });
  await journal.record({
    job: { move: 'succeed', patch: { endedAt: at + 30_000 } },
    happenings: [],
  });
};

/**
 * Fills the state directory of a sandbox, whose server does not run yet, by the store's own code.
 * @returns the id of the newest job, which has `tasks` tasks; the `jobs` others have one each.
 */
export const seedJobs = async (sandbox: Sandbox, jobs: number, tasks: number): Promise<string> => {
  let now = Date.now() - jobs * MINUTE_MS;
  const store = storeOver(
    await openDatabase(path.join(sandbox.env.ORCHESTRATOR_STATE_DIR ?? '', 'orchestrator.sqlite')),
    {
      clock: { now: () => now, sleep: async () => {} },
      maxQueuedTasks: MOST_TASKS,
    },
  );
  const created = Array.from({ length: jobs }, (_, number) =>
    newJob(number + 1, now + number * MINUTE_MS, sandbox, `Job ${number + 1}: mend what is broken there.`),
  );
  // Steps that are handed over together share one commit, so the many are written at once.
  await Promise.all(created.map((job) => writeEnded(store, job, 1, 1)));
  now = Date.now();
  const large = newJob(jobs + 1, now, sandbox, 'A large job.');
  await writeEnded(store, large, tasks, 10);
  await store.close();
  return large.id;
};
