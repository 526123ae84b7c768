import type { TaskId } from '../../domain/ids.ts';
import { PRIORITY_RANK, type Priority } from '../../domain/task.ts';

/** A task that could start now, and by what it is ordered. */
export type Ready = {
  readonly taskId: TaskId;
  /** Seconds of work on the longest chain from here to the end of the plan, itself included. */
  readonly tail: number;
  readonly priority: Priority;
  /** Place in the plan: the older comes first. */
  readonly age: number;
};

/** Longest critical path first, then priority, then age. Negative where `a` comes first. */
export const compareReady = (a: Ready, b: Ready): number =>
  b.tail - a.tail || PRIORITY_RANK[b.priority] - PRIORITY_RANK[a.priority] || a.age - b.age;

/** The ready tasks of one job, best first. */
export class ReadyQueue {
  readonly #items: Ready[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(item: Ready): void {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = this.#items[middle];
      if (at !== undefined && compareReady(at, item) <= 0) low = middle + 1;
      else high = middle;
    }
    this.#items.splice(low, 0, item);
  }

  /** Takes the best one. */
  take(): Ready | undefined {
    return this.#items.shift();
  }

  remove(taskId: TaskId): boolean {
    const at = this.#items.findIndex((item) => item.taskId === taskId);
    if (at === -1) return false;
    this.#items.splice(at, 1);
    return true;
  }
}
