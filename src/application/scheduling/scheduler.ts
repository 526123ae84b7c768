import type { JobId, TaskId } from '../../domain/ids.ts';
import { PRIORITY_RANK, type Priority } from '../../domain/task.ts';
import type { Machine } from '../ports/system.ts';
import { type Ready, ReadyQueue } from './readyQueue.ts';

/** What one more worker needs: peak RSS of the CLI is 189–225 MB (measured), its tools come on top. */
export const BYTES_PER_WORKER = 300 * 1024 * 1024;

/** A job as the scheduler knows it. */
export type ScheduledJob = {
  readonly id: JobId;
  readonly priority: Priority;
  readonly createdAt: number;
  /** Most tasks of this job that may run at once. */
  readonly limit: number;
  /**
   * Runs the task and resolves when its place is free again; never rejects.
   */
  readonly start: (taskId: TaskId) => Promise<void>;
  /** False where the task must not run beside those that run now; it was put behind one of them. */
  readonly admits: (taskId: TaskId, running: ReadonlySet<TaskId>) => boolean;
};

type Entry = {
  readonly job: ScheduledJob;
  readonly ready: ReadyQueue;
  readonly running: Set<TaskId>;
  servedAt: number;
};

/**
 * Gives the places to ready tasks: between jobs to the one with the fewest running, then by priority, then to
 * the one served longest ago; within a job longest critical path first. Limits hold here, not in a prompt.
 */
export class Scheduler {
  readonly #jobs = new Map<JobId, Entry>();
  readonly #limit: number;
  readonly #machine: Machine;
  #busy = 0;
  #turn = 0;
  #pumping = false;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(limit: number, machine: Machine) {
    this.#limit = limit;
    this.#machine = machine;
  }

  get busy(): number {
    return this.#busy;
  }

  get limit(): number {
    return this.#limit;
  }

  add(job: ScheduledJob): void {
    this.#jobs.set(job.id, { job, ready: new ReadyQueue(), running: new Set(), servedAt: 0 });
  }

  /** Gives out no more places from now on; resolves when none is taken. */
  drain(): Promise<void> {
    this.#idle ??= Promise.withResolvers();
    if (this.#busy === 0) this.#idle.resolve();
    return this.#idle.promise;
  }

  /** The job gets no more places; tasks that run go on. */
  remove(id: JobId): void {
    this.#jobs.delete(id);
    this.#pump();
  }

  offer(id: JobId, items: readonly Ready[]): void {
    const entry = this.#jobs.get(id);
    if (entry === undefined) return;
    for (const item of items) entry.ready.add(item);
    this.#pump();
  }

  /** @returns false where the task was not offered, or has its place already. */
  withdraw(id: JobId, taskId: TaskId): boolean {
    return this.#jobs.get(id)?.ready.remove(taskId) ?? false;
  }

  #pump(): void {
    // `start` runs up to its first await in here and may offer again: one loop serves all.
    if (this.#pumping || this.#idle !== undefined) return;
    this.#pumping = true;
    try {
      while (this.#busy < this.#limit && this.#memoryAllows()) {
        const entry = this.#nextJob();
        if (entry === undefined) return;
        const next = entry.ready.take();
        if (next !== undefined && entry.job.admits(next.taskId, entry.running))
          this.#start(entry, next.taskId);
      }
    } finally {
      this.#pumping = false;
    }
  }

  #start(entry: Entry, taskId: TaskId): void {
    this.#busy++;
    entry.servedAt = ++this.#turn;
    entry.running.add(taskId);
    void entry.job.start(taskId).finally(() => {
      this.#busy--;
      entry.running.delete(taskId);
      if (this.#busy === 0) this.#idle?.resolve();
      this.#pump();
    });
  }

  #nextJob(): Entry | undefined {
    let best: Entry | undefined;
    for (const entry of this.#jobs.values()) {
      if (entry.ready.size === 0 || entry.running.size >= entry.job.limit) continue;
      if (best === undefined || compareJobs(entry, best) < 0) best = entry;
    }
    return best;
  }

  /** One worker may always run: a small machine is slow, not stuck. */
  #memoryAllows(): boolean {
    return this.#busy === 0 || this.#machine.availableMemory() > BYTES_PER_WORKER;
  }
}

const compareJobs = (a: Entry, b: Entry): number =>
  a.running.size - b.running.size ||
  PRIORITY_RANK[b.job.priority] - PRIORITY_RANK[a.job.priority] ||
  a.servedAt - b.servedAt ||
  a.job.createdAt - b.job.createdAt;
