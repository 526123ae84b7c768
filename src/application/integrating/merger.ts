import type { Commit, TaskId } from '../../domain/ids.ts';
import type { Plan } from '../../domain/plan.ts';
import { predecessors, type Task, TERMINAL_TASK } from '../../domain/task.ts';
import type { MergeOutcome, Repository } from '../ports/repository.ts';

/** Work that is to be merged: a task's commit. */
export type Tip = {
  readonly taskId: TaskId;
  readonly commit: Commit;
  /** True where the task was built on the job's base itself, so that nothing else that was merged is in it. */
  readonly fromBase: boolean;
};

const tipOf = (task: Task, commit: Commit): Tip => ({
  taskId: task.spec.id,
  commit,
  fromBase: predecessors(task).length === 0,
});

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
      at = await this.#merge(base, at, tip);
      await onMerged(tip, at);
    }
    return at;
  }

  /**
   * Merges ahead of need, as far as it goes without a conflict, so that little is left to merge when the last task
   * has ended. What it makes is found again by `mergeAll` on the same way.
   */
  async mergeAhead(base: Commit, tips: readonly Tip[]): Promise<void> {
    let at = base;
    for (const tip of tips) {
      const key = keyOf(at, tip);
      const known = this.#done.get(key);
      if (known !== undefined) {
        at = await known;
        continue;
      }
      const outcome = await this.#once(base, at, tip);
      if (!outcome.clean) return;
      this.#done.set(key, Promise.resolve(outcome.commit));
      at = outcome.commit;
    }
  }

  #merge(base: Commit, ours: Commit, theirs: Tip): Promise<Commit> {
    const key = keyOf(ours, theirs);
    let merged = this.#done.get(key);
    if (merged === undefined) {
      merged = this.#mergeOnce(base, ours, theirs);
      // A failed resolution may be tried again.
      merged.catch(() => this.#done.delete(key));
      this.#done.set(key, merged);
    }
    return merged;
  }

  async #mergeOnce(base: Commit, ours: Commit, theirs: Tip): Promise<Commit> {
    const outcome = await this.#once(base, ours, theirs);
    return outcome.clean ? outcome.commit : this.#resolve({ ours, theirs, files: outcome.files });
  }

  /** Work that began at the base has diverged from whatever was merged onto the base before it. */
  #once(base: Commit, ours: Commit, theirs: Tip): Promise<MergeOutcome> {
    return this.#repository.merge(ours, theirs.commit, `Merge task ${theirs.taskId}`, {
      diverged: theirs.fromBase && ours !== base,
    });
  }
}

const keyOf = (ours: Commit, theirs: Tip): string => `${ours} ${theirs.commit}`;

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
    else tips.set(id, tipOf(before, before.commit));
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
      ? [tipOf(task, task.commit)]
      : [];
  });
};

/**
 * The first of the tips that a plan will end with, as far as they are certain: ends of chains, in the plan's order,
 * up to the first that has not ended.
 */
export const certainTips = (plan: Plan, tasks: ReadonlyMap<TaskId, Task>): Tip[] => {
  const tips: Tip[] = [];
  for (const id of plan.order) {
    if ((plan.dependents.get(id) ?? []).length > 0) continue;
    const task = tasks.get(id);
    if (task === undefined || !TERMINAL_TASK.has(task.status)) break;
    if (task.status === 'done' && task.commit !== undefined) tips.push(tipOf(task, task.commit));
  }
  return tips;
};
