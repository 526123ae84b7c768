import type { TaskId } from '../../../domain/ids.ts';
import type { Plan } from '../../../domain/plan.ts';
import type { JobJournal } from '../../journal.ts';
import type { RunDeps } from '../../runDeps.ts';
import { collidingTask } from '../../scheduling/collidingTask.ts';
import type { LiveTasks } from './liveTasks.ts';

/** One job at the scheduler: offers the tasks that are ready, and says which may take a place now. */
export class JobQueue {
  readonly #deps: Pick<RunDeps, 'scheduler'>;
  readonly #journal: JobJournal;
  readonly #plan: Plan;
  readonly #live: Pick<LiveTasks, 'has'>;
  readonly #on: {
    readonly start: (id: TaskId) => Promise<void>;
    readonly fault: (error: unknown) => void;
  };
  #paused = false;
  #tail: (id: TaskId) => number = () => 0;

  /** @param on a task got a place; the store failed. */
  constructor(
    deps: Pick<RunDeps, 'scheduler'>,
    journal: JobJournal,
    plan: Plan,
    live: Pick<LiveTasks, 'has'>,
    on: { readonly start: (id: TaskId) => Promise<void>; readonly fault: (error: unknown) => void },
  ) {
    this.#deps = deps;
    this.#journal = journal;
    this.#plan = plan;
    this.#live = live;
    this.#on = on;
  }

  /** Registers the job with the scheduler. @param tail seconds from a task to the end of the plan. */
  open(tail: (id: TaskId) => number): void {
    this.#tail = tail;
    const { job } = this.#journal;
    this.#deps.scheduler.add({
      id: job.id,
      priority: job.spec.priority,
      createdAt: job.createdAt,
      limit: job.estimate?.workers ?? 1,
      start: this.#on.start,
      admits: (id, running) => this.#admits(id, running),
    });
  }

  offer(ids: readonly TaskId[]): void {
    this.#deps.scheduler.offer(
      this.#journal.job.id,
      ids.map((taskId) => ({
        taskId,
        tail: this.#tail(taskId),
        priority: this.#journal.task(taskId).spec.priority,
        age: this.#plan.order.indexOf(taskId),
      })),
    );
  }

  offerReady(): void {
    const ready = [...this.#journal.tasks.values()].filter(({ status }) => status === 'ready');
    this.offer(ready.map(({ spec }) => spec.id).filter((id) => !this.#live.has(id)));
  }

  /** Nothing new is started; what runs goes on. */
  pause(): void {
    this.#paused = true;
  }

  /** What became ready meanwhile is offered. */
  unpause(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.offerReady();
  }

  /** False where the task would write what a running one writes: it is put behind that one and offered again later. */
  #admits(id: TaskId, running: ReadonlySet<TaskId>): boolean {
    const task = this.#journal.task(id);
    // What is not admitted is offered again by `unpause`.
    if (this.#paused || task.status !== 'ready' || this.#live.has(id)) return false;
    const behind = collidingTask(this.#journal, id, running);
    if (behind === undefined) return true;
    const reason = `It declares paths that "${behind}" is writing now.`;
    this.#journal
      .record({
        tasks: [{ id, move: 'hold', patch: { orderedAfter: [...task.orderedAfter, behind] } }],
        happenings: [{ type: 'task.held', taskId: id, behind, reason, live: false }],
      })
      .catch(this.#on.fault);
    return false;
  }
}
