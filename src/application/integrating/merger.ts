import type { Commit, TaskId } from '../../domain/ids.ts';
import type { Task } from '../../domain/task.ts';
import { predecessors } from '../../domain/task.ts';
import type { Repository } from '../ports.ts';

/** Work that is to be merged: a task's commit. */
export type Tip = { readonly taskId: TaskId; readonly commit: Commit };

export type Conflict = { readonly ours: Commit; readonly theirs: Tip; readonly files: readonly string[] };

/**
 * Merges commits one after the other, in git's object store. A conflict goes to `resolve`; nothing is dropped
 * and no side wins by rule. The same merge is done once, however many tasks need it.
 */
export class Merger {
  readonly #repository: Repository;
  readonly #resolve: (conflict: Conflict) => Promise<Commit>;
  readonly #done = new Map<string, Promise<Commit>>();

  constructor(repository: Repository, resolve: (conflict: Conflict) => Promise<Commit>) {
    this.#repository = repository;
    this.#resolve = resolve;
  }

  /** @returns `base` with all `tips` merged in their order. `onMerged` hears of each. */
  async mergeAll(
    base: Commit,
    tips: readonly Tip[],
    onMerged: (tip: Tip, commit: Commit) => Promise<void> = async () => undefined,
  ): Promise<Commit> {
    let at = base;
    for (const tip of tips) {
      at = await this.#merge(at, tip);
      await onMerged(tip, at);
    }
    return at;
  }

  #merge(ours: Commit, theirs: Tip): Promise<Commit> {
    const key = `${ours} ${theirs.commit}`;
    let merged = this.#done.get(key);
    if (merged === undefined) {
      merged = this.#mergeOnce(ours, theirs);
      // A failed resolution may be tried again.
      merged.catch(() => this.#done.delete(key));
      this.#done.set(key, merged);
    }
    return merged;
  }

  async #mergeOnce(ours: Commit, theirs: Tip): Promise<Commit> {
    const outcome = await this.#repository.merge(ours, theirs.commit, `Merge task ${theirs.taskId}`);
    return outcome.clean ? outcome.commit : this.#resolve({ ours, theirs, files: outcome.files });
  }
}

/**
 * What a task builds on: the commits of its predecessors, looking through those that changed nothing. A
 * predecessor that did not get done (one that was merely ordered before) gives nothing.
 */
export const tipsBefore = (task: Task, tasks: ReadonlyMap<TaskId, Task>): Tip[] => {
  const tips = new Map<TaskId, Tip>();
  const seen = new Set<TaskId>();
  const visit = (id: TaskId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const before = tasks.get(id);
    if (before === undefined || before.status !== 'done') return;
    if (before.commit === undefined) for (const next of predecessors(before)) visit(next);
    else tips.set(id, { taskId: id, commit: before.commit });
  };
  for (const id of predecessors(task)) visit(id);
  return [...tips.values()];
};

/** Tips of a finished plan: done tasks with a commit that no later one has built on, in the plan's order. */
export const finalTips = (order: readonly TaskId[], tasks: ReadonlyMap<TaskId, Task>): Tip[] => {
  const contained = new Set<TaskId>();
  for (const task of tasks.values()) {
    if (task.status === 'done' && task.commit !== undefined)
      for (const tip of tipsBefore(task, tasks)) contained.add(tip.taskId);
  }
  return order.flatMap((id) => {
    const task = tasks.get(id);
    return task?.status === 'done' && task.commit !== undefined && !contained.has(id)
      ? [{ taskId: id, commit: task.commit }]
      : [];
  });
};
