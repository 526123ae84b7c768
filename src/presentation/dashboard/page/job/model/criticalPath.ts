export type PathNode = {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly weight: number;
};
export type CriticalPath = { readonly path: readonly string[]; readonly length: number };

/**
 * The heaviest chain of tasks by what each took: nothing could have ended sooner than this chain did.
 * Dependencies that are not among the nodes are passed over, and so is whatever stands in a circle.
 * @param nodes weights are of any unit, not negative.
 */
export const criticalPathOf = (nodes: readonly PathNode[]): CriticalPath => {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const before = (node: PathNode): readonly string[] =>
    [...new Set(node.dependsOn)].filter((id) => byId.has(id));
  const open = new Map([...byId.values()].map((node) => [node.id, before(node).length]));
  const after = new Map<string, string[]>();
  for (const node of byId.values())
    for (const id of before(node)) after.set(id, [...(after.get(id) ?? []), node.id]);

  const lengths = new Map<string, number>();
  const previous = new Map<string, string>();
  const ready = [...open].filter(([, count]) => count === 0).map(([id]) => id);
  let last: string | undefined;
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    const node = byId.get(id);
    if (node === undefined) continue;
    const behind = heaviest(before(node), lengths);
    if (behind !== undefined) previous.set(id, behind);
    const length = node.weight + (behind === undefined ? 0 : (lengths.get(behind) ?? 0));
    lengths.set(id, length);
    if (last === undefined || length > (lengths.get(last) ?? 0)) last = id;
    for (const next of after.get(id) ?? []) {
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  if (last === undefined) return { path: [], length: 0 };
  const path: string[] = [];
  for (let id: string | undefined = last; id !== undefined; id = previous.get(id)) path.unshift(id);
  return { path, length: lengths.get(last) ?? 0 };
};

const heaviest = (ids: readonly string[], lengths: ReadonlyMap<string, number>): string | undefined =>
  ids.reduce<string | undefined>(
    (best, id) => (best === undefined || (lengths.get(id) ?? 0) > (lengths.get(best) ?? 0) ? id : best),
    undefined,
  );

/** Whether some of the nodes wait for each other in a circle. */
export const hasCircle = (nodes: readonly PathNode[]): boolean => {
  let left = nodes;
  for (;;) {
    const ids = new Set(left.map((node) => node.id));
    const held = left.filter((node) => node.dependsOn.some((id) => ids.has(id)));
    if (held.length === 0) return false;
    if (held.length === left.length) return true;
    left = held;
  }
};
