import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change, Store } from '../src/application/ports.ts';
import type { Happening } from '../src/domain/events.ts';
import { type JobId, jobIdSchema } from '../src/domain/ids.ts';
import type { Job } from '../src/domain/job.ts';
import { newTask, type Task, type TaskStatus, taskSpecSchema } from '../src/domain/task.ts';
import { openStore } from '../src/infrastructure/store/store.ts';

/**
 * The store alone: no-op tasks taken through ready → running → verifying → done, each step durable with its
 * event before the next one starts. Prints one line of JSON a run; `node bench/store.ts [tasks]`.
 */
const TASKS_PER_JOB = 500;
const BARS = [
  { inFlight: 32, tasksPerSecond: 5_000 },
  { inFlight: 1, tasksPerSecond: 700 },
];

const clock = { now: () => Date.now(), sleep: async () => {} };

const jobOf = (number: number): Job => ({
  id: jobIdSchema.parse(`job_${String(number).padStart(16, '0')}`),
  spec: {
    request: 'Nothing, many times.',
    workspace: '/srv/repository',
    copy: [],
    isolation: 'worktree',
    fresh: false,
    apply: 'branch',
    allowUnverified: false,
    priority: 'normal',
  },
  status: 'planning',
  createdAt: Date.now(),
  warnings: [],
  applied: false,
  filesChanged: [],
  verification: 'none',
  overheadCostUsd: 0,
});

const taskOf = (jobId: JobId, number: number): Task =>
  newTask(
    jobId,
    taskSpecSchema.parse({
      id: `task-${number}`,
      title: `Task ${number}`,
      prompt: `Do nothing, for the ${number}th time. ${'Take care of the usual things. '.repeat(20)}`,
      dependsOn: [],
      verify: 'npm test',
      priority: 'normal',
    }),
  );

const happeningOf = (task: Task): Happening => {
  const ids = { taskId: task.spec.id, attempt: task.attempts };
  switch (task.status) {
    case 'running':
      return {
        type: 'task.started',
        ...ids,
        lane: 1,
        pid: 4711,
        sessionId: '6f1c0f0e-7d0c-4a39-9f3e-0b6f6f0c8a11',
      };
    case 'verifying':
      return { type: 'task.verifying', ...ids, costUsd: 0.01 };
    case 'done':
      return { type: 'task.done', ...ids, verification: 'proved', filesChanged: 1 };
    default:
      return { type: 'task.ready', taskId: task.spec.id };
  }
};

const STEPS: readonly TaskStatus[] = ['ready', 'running', 'verifying', 'done'];

const runTask = async (store: Store, first: Task): Promise<void> => {
  let task = first;
  for (const status of STEPS) {
    const to: Task = { ...task, status, attempts: status === 'running' ? task.attempts + 1 : task.attempts };
    const change: Change = { kind: 'task', from: { status: task.status, attempts: task.attempts }, to };
    await store.commit(task.jobId, [change], [happeningOf(to)]);
    task = to;
  }
};

const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);

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

const measure = async (total: number, inFlight: number, bar: number): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'store-bench-'));
  const store = await openStore({ path: join(folder, 'state.db'), clock, maxQueuedTasks: total });
  try {
    const queue: Task[] = [];
    for (let number = 0; queue.length < total; number++) {
      const job = jobOf(number);
      const size = Math.min(TASKS_PER_JOB, total - queue.length);
      const tasks = Array.from({ length: size }, (_, index) => taskOf(job.id, index));
      await store.createJob(job, undefined);
      await store.commit(job.id, [{ kind: 'plan', jobId: job.id, tasks }], []);
      queue.push(...tasks);
    }
    const rssQueued = process.memoryUsage.rss();
    let rssPeak = rssQueued;
    let at = 0;
    const lane = async (): Promise<void> => {
      for (let task = queue[at++]; task !== undefined; task = queue[at++]) {
        await runTask(store, task);
        if (at % 500 === 0) rssPeak = Math.max(rssPeak, process.memoryUsage.rss());
      }
    };
    const diskSyncs = diskSyncsPerSecond(folder);
    const cpu = process.cpuUsage();
    const started = performance.now();
    await Promise.all(Array.from({ length: inFlight }, lane));
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const tasksPerSecond = Math.round(total / seconds);
    console.log(
      JSON.stringify({
        bench: 'store',
        tasks: total,
        in_flight: inFlight,
        seconds: Number(seconds.toFixed(2)),
        tasks_per_second: tasksPerSecond,
        bar,
        held: tasksPerSecond >= bar,
        cpu_us_per_task: Math.round((user + system) / total),
        disk_syncs_per_second: diskSyncs,
        rss_queued_mb: megabytes(rssQueued),
        rss_peak_mb: megabytes(rssPeak),
        open_after: await store.openTaskCount(),
      }),
    );
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
};

const total = Number(process.argv[2] ?? 10_000);
for (const { inFlight, tasksPerSecond } of BARS) await measure(total, inFlight, tasksPerSecond);
