import type { Node } from './graph.ts';

/** What a job and a task cost beside the model's own time, seconds; measured, not assumed. */
export type Costs = { readonly job: number; readonly task: number };

/**
 * The least time that any scheduler needs on `lanes` lanes: the longest chain, or all work spread evenly,
 * whichever is more, with each task's constant cost in it and the job's before it.
 */
export const lowerBound = (graph: readonly Node[], lanes: number, costs: Costs): number => {
  const endsAt = new Map<string, number>();
  for (const { id, dependsOn, scriptedSeconds } of graph) {
    const startsAt = Math.max(0, ...dependsOn.map((before) => endsAt.get(before) ?? 0));
    endsAt.set(id, startsAt + scriptedSeconds + costs.task);
  }
  const work = graph.reduce((sum, { scriptedSeconds }) => sum + scriptedSeconds + costs.task, 0);
  return costs.job + Math.max(work / lanes, ...endsAt.values());
};

/** A chain of `length` tasks whose model answers at once: what is left is our own cost. */
export const chain = (length: number): readonly Node[] =>
  Array.from({ length }, (_, at) => ({
    id: `link-${at}`,
    level: at,
    dependsOn: at === 0 ? [] : [`link-${at - 1}`],
    scriptedSeconds: 0,
  }));
