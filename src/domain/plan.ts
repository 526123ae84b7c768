import { TaskValidationError } from './errors/index.ts';
import type { TaskId } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { TaskSpec } from './task.ts';

/** A checked task graph: unique ids, known dependencies, no cycle. */
export type Plan = {
  readonly tasks: readonly TaskSpec[];
  readonly byId: ReadonlyMap<TaskId, TaskSpec>;
  /** Every task after all that it depends on; among equals in the caller's order. */
  readonly order: readonly TaskId[];
  readonly dependents: ReadonlyMap<TaskId, readonly TaskId[]>;
};

const invalid = (message: string, hint: string, context: Record<string, unknown>): TaskValidationError =>
  new TaskValidationError(message, { hint, context });

/**
 * Checks `tasks` and orders them.
 * @throws TaskValidationError naming the culprit: none or too many tasks, a duplicate id, an unknown
 * dependency, a cycle.
 */
export const buildPlan = (tasks: readonly TaskSpec[]): Plan => {
  if (tasks.length === 0)
    throw invalid(
      'The plan has no tasks.',
      'Give at least one task, or none at all to have the request planned.',
      {},
    );
  if (tasks.length > LIMITS.tasksPerPlan) {
    throw invalid(
      `The plan has ${tasks.length} tasks; at most ${LIMITS.tasksPerPlan} are allowed.`,
      'Submit the work as several jobs.',
      { tasks: tasks.length },
    );
  }
  const byId = indexById(tasks);
  const dependents = new Map<TaskId, TaskId[]>(tasks.map((task) => [task.id, []]));
  for (const task of tasks) {
    for (const dependency of new Set(task.dependsOn)) {
      const list = dependents.get(dependency);
      if (list === undefined) {
        throw invalid(
          `Task "${task.id}" depends on "${dependency}", which is not in the plan.`,
          `Add a task "${dependency}" or take it out of depends_on of "${task.id}".`,
          { task: task.id, dependency },
        );
      }
      list.push(task.id);
    }
  }
  return { tasks, byId, order: topologicalOrder(tasks, dependents), dependents };
};

const indexById = (tasks: readonly TaskSpec[]): Map<TaskId, TaskSpec> => {
  const byId = new Map<TaskId, TaskSpec>();
  const folded = new Set<string>();
  for (const task of tasks) {
    // Branches are files on some file systems that fold case: "A" and "a" would be one branch there.
    const key = task.id.toLowerCase();
    if (folded.has(key)) {
      throw invalid(
        `Task id "${task.id}" stands twice in the plan (case does not count).`,
        'Give every task an id of its own.',
        { task: task.id },
      );
    }
    folded.add(key);
    byId.set(task.id, task);
  }
  return byId;
};

/** Kahn's algorithm; what it leaves over holds a cycle. */
const topologicalOrder = (
  tasks: readonly TaskSpec[],
  dependents: ReadonlyMap<TaskId, readonly TaskId[]>,
): TaskId[] => {
  const open = new Map(tasks.map((task) => [task.id, new Set(task.dependsOn).size]));
  const order = tasks.filter((task) => open.get(task.id) === 0).map((task) => task.id);
  for (let at = 0; at < order.length; at++) {
    const id = order[at];
    if (id === undefined) break;
    for (const dependent of dependents.get(id) ?? []) {
      const left = (open.get(dependent) ?? 0) - 1;
      open.set(dependent, left);
      if (left === 0) order.push(dependent);
    }
  }
  if (order.length < tasks.length) {
    const cycle = findCycle(tasks, new Set(order));
    throw invalid(`The plan has a cycle: ${cycle.join(' → ')}.`, 'Take one of these dependencies out.', {
      cycle,
    });
  }
  return order;
};

const findCycle = (tasks: readonly TaskSpec[], ordered: ReadonlySet<TaskId>): TaskId[] => {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const path: TaskId[] = [];
  let at = tasks.find((task) => !ordered.has(task.id))?.id;
  // Each task left over waits for another one left over, so walking backwards must meet itself.
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    at = byId.get(at)?.dependsOn.find((id) => !ordered.has(id));
  }
  return at === undefined ? path : [...path.slice(path.indexOf(at)), at].reverse();
};

/**
 * Longest chain from each task to the end of the plan, the task itself included, in the unit of `weight`.
 * The scheduler starts the task with the longest one first.
 */
export const tailLengths = (plan: Plan, weight: (task: TaskSpec) => number): ReadonlyMap<TaskId, number> => {
  const tails = new Map<TaskId, number>();
  for (const id of [...plan.order].reverse()) {
    const spec = plan.byId.get(id);
    const after = Math.max(0, ...(plan.dependents.get(id) ?? []).map((next) => tails.get(next) ?? 0));
    tails.set(id, after + (spec === undefined ? 0 : weight(spec)));
  }
  return tails;
};

/** The chain that decides how long the plan takes, first task first, and its length in the unit of `weight`. */
export const criticalPath = (
  plan: Plan,
  weight: (task: TaskSpec) => number,
): { path: TaskId[]; length: number } => {
  const tails = tailLengths(plan, weight);
  const longest = (ids: readonly TaskId[]): TaskId | undefined =>
    ids.reduce<TaskId | undefined>(
      (best, id) => (best === undefined || (tails.get(id) ?? 0) > (tails.get(best) ?? 0) ? id : best),
      undefined,
    );
  const path: TaskId[] = [];
  let at = longest(plan.order.filter((id) => (plan.byId.get(id)?.dependsOn.length ?? 0) === 0));
  const length = at === undefined ? 0 : (tails.get(at) ?? 0);
  while (at !== undefined) {
    path.push(at);
    at = longest(plan.dependents.get(at) ?? []);
  }
  return { path, length };
};
