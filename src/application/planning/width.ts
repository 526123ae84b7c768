import type { Plan } from '../../domain/plan.ts';

/**
 * How many tasks of a plan can run at the same time at the most: the size of its largest set of tasks none
 * of which waits for another. Counting levels would say less than that (a short branch beside a long one
 * may run in any level), so lanes would be missing. By Dilworth's theorem it is the number of tasks less a
 * maximum matching of the "must come before" relation; at most 500 tasks, so Kuhn's algorithm is quick enough.
 */
export const width = (plan: Plan): number => {
  const count = plan.order.length;
  if (plan.tasks.every((task) => task.dependsOn.length === 0)) return count;
  const after = reachable(plan);
  const matchedBy = new Map<number, number>();
  const augment = (from: number, seen: Set<number>): boolean => {
    for (const to of after[from] ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      const holder = matchedBy.get(to);
      if (holder === undefined || augment(holder, seen)) {
        matchedBy.set(to, from);
        return true;
      }
    }
    return false;
  };
  let matched = 0;
  for (let from = 0; from < count; from++) if (augment(from, new Set())) matched++;
  return count - matched;
};

/** For each task (by its place in `order`) the places of all tasks that come after it, nearest first. */
const reachable = (plan: Plan): readonly (readonly number[])[] => {
  const place = new Map(plan.order.map((id, at) => [id, at]));
  const sets: Set<number>[] = plan.order.map(() => new Set());
  for (let at = plan.order.length - 1; at >= 0; at--) {
    const id = plan.order[at];
    const mine = sets[at];
    if (id === undefined || mine === undefined) continue;
    for (const dependent of plan.dependents.get(id) ?? []) {
      const next = place.get(dependent);
      if (next === undefined || mine.has(next)) continue;
      mine.add(next);
      for (const further of sets[next] ?? []) mine.add(further);
    }
  }
  return sets.map((set) => [...set].sort((a, b) => a - b));
};
