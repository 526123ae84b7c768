import type { Happening } from '../../domain/events.ts';
import type { TaskId } from '../../domain/ids.ts';
import { type Task, TERMINAL_TASK } from '../../domain/task.ts';
import type { TaskStep } from '../journal.ts';

/** Moves that follow from how the tasks now stand: releases, and skips of what can no longer be done. */
export type Consequences = {
  readonly steps: readonly TaskStep[];
  readonly happenings: readonly Happening[];
  readonly released: readonly TaskId[];
};

/**
 * A waiting task is released when all that it depends on is done, and all that it was ordered behind has ended
 * in whatever way. It is skipped when something that it depends on ended otherwise; skips go on down the graph.
 */
export const consequences = (order: readonly TaskId[], tasks: ReadonlyMap<TaskId, Task>): Consequences => {
  const steps: TaskStep[] = [];
  const happenings: Happening[] = [];
  const released: TaskId[] = [];
  const skipped = new Map<TaskId, string>();
  const blocked = (id: TaskId): string | undefined => {
    const task = tasks.get(id);
    if (task === undefined) return undefined;
    if (skipped.has(id)) return `"${id}" was skipped`;
    return task.status !== 'done' && TERMINAL_TASK.has(task.status)
      ? `"${id}" ${task.status === 'failed' ? 'failed' : `was ${task.status}`}`
      : undefined;
  };
  for (const id of order) {
    const task = tasks.get(id);
    if (task === undefined || task.status !== 'waiting') continue;
    const why = task.spec.dependsOn.map(blocked).find((reason) => reason !== undefined);
    if (why !== undefined) {
      const reason = `It depends on a task that was not done: ${why}.`;
      skipped.set(id, reason);
      steps.push({
        id,
        move: 'skip',
        patch: {
          error: {
            code: 'TASK_EXECUTION',
            message: reason,
            hint: 'Retry the failed task with job_steer; this one follows.',
            retryable: false,
          },
        },
      });
      happenings.push({ type: 'task.skipped', taskId: id, reason });
      continue;
    }
    const free =
      task.spec.dependsOn.every((before) => tasks.get(before)?.status === 'done') &&
      task.orderedAfter.every((before) => TERMINAL_TASK.has(tasks.get(before)?.status ?? 'done'));
    if (!free) continue;
    // What it was ordered behind and did not get done is not in its base, now or when that is tried again.
    const orderedAfter = task.orderedAfter.filter((before) => tasks.get(before)?.status === 'done');
    steps.push({
      id,
      move: 'release',
      ...(orderedAfter.length < task.orderedAfter.length ? { patch: { orderedAfter } } : {}),
    });
    happenings.push({ type: 'task.ready', taskId: id });
    released.push(id);
  }
  return { steps, happenings, released };
};

/**
 * Tasks that were skipped, directly or through others, because of `id`: they follow when it is tried again. What
 * a person skipped stays skipped.
 * @param order topological, so that each task comes after what it depends on.
 */
export const skippedBecauseOf = (
  id: TaskId,
  order: readonly TaskId[],
  tasks: ReadonlyMap<TaskId, Task>,
): TaskId[] => {
  const affected = new Set<TaskId>([id]);
  return order.filter((candidate) => {
    const task = tasks.get(candidate);
    if (
      task?.status !== 'skipped' ||
      skippedByPerson(task) ||
      !task.spec.dependsOn.some((before) => affected.has(before))
    )
      return false;
    affected.add(candidate);
    return true;
  });
};

/** True where a person said that the task is not wanted: nobody misses it. */
export const skippedByPerson = (task: Task): boolean =>
  task.status === 'skipped' && task.error?.code === 'USER_DENIED';
