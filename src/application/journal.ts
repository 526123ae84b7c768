import { ConflictError } from '../domain/errors/index.ts';
import type { Happening, JobEvent } from '../domain/events.ts';
import type { TaskId } from '../domain/ids.ts';
import type { Job } from '../domain/job.ts';
import { type Task, TERMINAL_TASK } from '../domain/task.ts';
import { type JobMove, moveJob, moveTask, type TaskMove } from '../domain/transitions.ts';
import type { JobView } from './api.ts';
import type { EventBus } from './ports/eventBus.ts';
import type { Change, Store } from './ports/store.ts';

/** One part of a step: a move by the transition table (or none), and what else changes with it. */
export type TaskStep = { readonly id: TaskId; readonly move?: TaskMove; readonly patch?: Partial<Task> };
export type JobStep = { readonly move?: JobMove; readonly patch?: Partial<Job> };
export type Step = {
  readonly job?: JobStep;
  readonly tasks?: readonly TaskStep[];
  readonly happenings: readonly Happening[];
  /** What is written in the same transaction and is no state of the job: approvals, the audit. */
  readonly changes?: readonly Change[];
};

/**
 * The state of one job in memory and the only way to change it. A step changes memory at once, so that
 * decisions never look at an old state, and resolves when it is durable; events go out only after that.
 * Steps reach the store in the order in which they were made.
 */
export class JobJournal {
  #job: Job;
  readonly #tasks: Map<TaskId, Task>;
  readonly #waiting = new Set<TaskId>();
  #open = 0;
  readonly #store: Store;
  readonly #bus: EventBus;
  #seq: number;

  constructor(state: { job: Job; tasks: readonly Task[]; seq: number }, store: Store, bus: EventBus) {
    this.#job = state.job;
    this.#tasks = new Map();
    for (const task of state.tasks) this.#put(task);
    this.#seq = state.seq;
    this.#store = store;
    this.#bus = bus;
  }

  get job(): Job {
    return this.#job;
  }

  get tasks(): ReadonlyMap<TaskId, Task> {
    return this.#tasks;
  }

  /** Tasks that wait for others: kept, since they are asked for after every task's end. */
  get waiting(): ReadonlySet<TaskId> {
    return this.#waiting;
  }

  /** Tasks that have not ended. */
  get open(): number {
    return this.#open;
  }

  view(): JobView {
    return { job: this.#job, tasks: [...this.#tasks.values()], seq: this.#seq };
  }

  /** @throws ConflictError where the job has no such task. */
  task(id: TaskId): Task {
    const task = this.#tasks.get(id);
    if (task === undefined) {
      throw new ConflictError(`The job has no task "${id}".`, {
        hint: 'job_status lists the ids of its tasks.',
      });
    }
    return task;
  }

  ended(id: TaskId): boolean {
    return TERMINAL_TASK.has(this.task(id).status);
  }

  /** @throws IllegalTransitionError before anything changes; store errors once the step cannot be made durable. */
  async record(step: Step): Promise<void> {
    const changes: Change[] = [...(step.changes ?? [])];
    const nextTasks = (step.tasks ?? []).map((part) => {
      const from = this.task(part.id);
      const to: Task = {
        ...from,
        ...part.patch,
        ...(part.move === undefined ? {} : { status: moveTask(from.status, part.move) }),
      };
      changes.push({ kind: 'task', from: { status: from.status, attempts: from.attempts }, to });
      return to;
    });
    const happenings = [...step.happenings];
    if (step.job !== undefined) {
      const from = this.#job;
      const to: Job = {
        ...from,
        ...step.job.patch,
        ...(step.job.move === undefined ? {} : { status: moveJob(from.status, step.job.move) }),
      };
      changes.push({ kind: 'job', from: from.status, to });
      if (to.status !== from.status)
        happenings.push({ type: 'job.status', from: from.status, to: to.status });
      this.#job = to;
    }
    for (const task of nextTasks) this.#put(task);
    await this.#commit(changes, happenings);
  }

  /** Writes the plan and starts the job's running: one step, so that a crash leaves either no plan or all of it. */
  async plan(tasks: readonly Task[], patch: Partial<Job>, happenings: readonly Happening[]): Promise<void> {
    const from = this.#job;
    const to: Job = { ...from, ...patch, status: moveJob(from.status, 'plan') };
    this.#job = to;
    for (const task of tasks) this.#put(task);
    await this.#commit(
      [
        { kind: 'plan', jobId: to.id, tasks },
        { kind: 'job', from: from.status, to },
      ],
      [...happenings, { type: 'job.status', from: from.status, to: to.status }],
    );
  }

  async note(...happenings: readonly Happening[]): Promise<void> {
    await this.#commit([], happenings);
  }

  #put(task: Task): void {
    const { id } = task.spec;
    const before = this.#tasks.get(id);
    if (before !== undefined && !TERMINAL_TASK.has(before.status)) this.#open--;
    if (!TERMINAL_TASK.has(task.status)) this.#open++;
    if (task.status === 'waiting') this.#waiting.add(id);
    else this.#waiting.delete(id);
    this.#tasks.set(id, task);
  }

  async #commit(changes: readonly Change[], happenings: readonly Happening[]): Promise<void> {
    const events: readonly JobEvent[] = await this.#store.commit(this.#job.id, changes, happenings);
    this.#seq = events.at(-1)?.seq ?? this.#seq;
    this.#bus.publish(events);
  }
}
