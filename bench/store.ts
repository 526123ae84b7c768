import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobJournal } from '../src/application/journal.ts';
import { EventHub } from '../src/application/observing/eventHub.ts';
import { Scheduler } from '../src/application/scheduling/scheduler.ts';
import { consequences } from '../src/application/scheduling/taskGraph.ts';
import type { TaskId } from '../src/domain/ids.ts';
import { jobIdSchema } from '../src/domain/ids.ts';
import { jobSchema } from '../src/domain/job.ts';
import { newTask, TERMINAL_TASK, taskSpecSchema } from '../src/domain/task.ts';
import { openDatabase } from '../src/infrastructure/store/database.ts';
import { storeOver } from '../src/infrastructure/store/store.ts';
import { systemClock } from '../src/infrastructure/system/systemClock.ts';

/**
 * Scheduler, journal and store together, without workers: jobs of 500 no-op tasks are released, given places,
 * taken through running → verifying → done, each step durable with its event before the next, and the
 * consequences of each end are drawn, as in a real job. Prints one line of JSON a run.
 */
const TASKS_PER_JOB = 500;
const machine = {
  cores: () => 2,
  availableMemory: () => Number.POSITIVE_INFINITY,
  ownMemory: () => process.memoryUsage.rss(),
};

const taskSpecs = Array.from({ length: TASKS_PER_JOB }, (_, index) =>
  taskSpecSchema.parse({
    id: `task-${index}`,
    title: `Task ${index}`,
    prompt: 'Do nothing.',
    dependsOn: [],
    priority: 'normal',
  }),
);

/** What the disk itself gives now: appends of one page, each waited for. No store can do more commits. */
const diskSyncsPerSecond = (folder: string): number => {
  const file = openSync(join(folder, 'syncs'), 'w');
  const page = Buffer.alloc(4096, 1);
  const started = performance.now();
  let syncs = 0;
  while (performance.now() - started < 500) {
    writeSync(file, page);
    fdatasyncSync(file);
    syncs++;
  }
  closeSync(file);
  return Math.round((syncs / (performance.now() - started)) * 1000);
};

const run = async (total: number, places: number, bar: number): Promise<Record<string, number | string>> => {
  const folder = await mkdtemp(join(tmpdir(), 'scheduler-bench-'));
  const store = storeOver(await openDatabase(join(folder, 'state.sqlite')), {
    clock: systemClock,
    maxQueuedTasks: total,
  });
  const scheduler = new Scheduler(places, machine);
  const bus = new EventHub();
  try {
    const jobs: {
      journal: JobJournal;
      order: readonly TaskId[];
      ended: PromiseWithResolvers<void>;
      open: number;
    }[] = [];
    for (let number = 0; number < total / TASKS_PER_JOB; number++) {
      const job = jobSchema.parse({
        id: jobIdSchema.parse(`job_${String(number).padStart(16, '0')}`),
        spec: {
          request: 'Nothing.',
          workspace: '/srv/repository',
          copy: [],
          isolation: 'worktree',
          fresh: false,
          apply: 'branch',
          allowUnverified: false,
          priority: 'normal',
        },
        status: 'planning',
        createdAt: systemClock.now(),
        warnings: [],
        applied: false,
        filesChanged: [],
        verification: 'none',
        overheadCostUsd: 0,
      });
      const stored = await store.createJob(job, undefined);
      const journal = new JobJournal({ job: stored.job, tasks: [], seq: 1 }, store, bus);
      await journal.plan(
        taskSpecs.map((spec) => newTask(job.id, spec)),
        {},
        [],
      );
      jobs.push({
        journal,
        order: taskSpecs.map((spec) => spec.id),
        ended: Promise.withResolvers<void>(),
        open: TASKS_PER_JOB,
      });
    }
    const rssQueued = process.memoryUsage.rss();
    const diskSyncs = diskSyncsPerSecond(folder);
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    await Promise.all(
      jobs.map(async (entry) => {
        const { journal, order } = entry;
        const settle = async (): Promise<void> => {
          const { waiting } = journal;
          const follow = consequences(
            waiting.size === 0 ? [] : order.filter((id) => waiting.has(id)),
            journal.tasks,
          );
          if (follow.steps.length > 0)
            await journal.record({ tasks: follow.steps, happenings: follow.happenings });
          scheduler.offer(
            journal.job.id,
            follow.released.map((taskId, age) => ({ taskId, tail: 1, priority: 'normal', age })),
          );
        };
        scheduler.add({
          id: journal.job.id,
          priority: 'normal',
          createdAt: journal.job.createdAt,
          limit: places,
          admits: () => true,
          start: async (id) => {
            await journal.record({
              tasks: [{ id, move: 'start', patch: { attempts: 1 } }],
              happenings: [
                { type: 'task.started', taskId: id, attempt: 1, lane: 0, pid: 1, sessionId: 'none' },
              ],
            });
            await journal.record({
              tasks: [{ id, move: 'finish_work' }],
              happenings: [{ type: 'task.verifying', taskId: id, attempt: 1, costUsd: 0 }],
            });
            await journal.record({
              tasks: [{ id, move: 'accept' }],
              happenings: [
                { type: 'task.done', taskId: id, attempt: 1, verification: 'none', filesChanged: 0 },
              ],
            });
            await settle();
            if (--entry.open === 0) entry.ended.resolve();
          },
        });
        await settle();
        await entry.ended.promise;
      }),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const unfinished = jobs
      .flatMap(({ journal }) => [...journal.tasks.values()])
      .filter((task) => !TERMINAL_TASK.has(task.status)).length;
    return {
      bench: 'scheduler and store',
      tasks: total,
      in_flight: places,
      seconds: Number(seconds.toFixed(2)),
      tasks_per_second: Math.round(total / seconds),
      bar,
      cpu_us_per_task: Math.round((user + system) / total),
      disk_syncs_per_second: diskSyncs,
      rss_queued_mb: Math.round(rssQueued / 1024 / 1024),
      rss_peak_mb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
      unfinished,
    };
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
};

const total = Number(process.argv[2] ?? 10_000);
for (const result of [await run(total, 32, 5000), await run(Math.min(total, 3000), 1, 700)])
  console.log(JSON.stringify(result));
