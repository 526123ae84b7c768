/** A node's place across the flow (its middle), and the layer along the flow that it stands in. */
type Placed = { readonly id: string; readonly layer: number; readonly across: number };

/**
 * Places across the flow that keep each layer's order and leave no more room than its fullest layer needs. The
 * layout's own places are good for few nodes and three times as far apart as they must be for many.
 * @param step the least distance between two neighbours of a layer.
 */
export const compactLayers = (nodes: readonly Placed[], step: number): ReadonlyMap<string, number> => {
  const layers = [...Map.groupBy(nodes, (node) => node.layer).values()];
  const fullest = Math.max(1, ...layers.map((layer) => layer.length));
  const least = Math.min(...nodes.map((node) => node.across));
  const span = Math.max(...nodes.map((node) => node.across)) - least;
  const scale = span === 0 ? 1 : Math.min(1, ((fullest - 1) * step) / span);
  const places = new Map<string, number>();
  for (const layer of layers) {
    const ordered = layer.toSorted((a, b) => a.across - b.across);
    const wanted = ordered.map((node, index) => (node.across - least) * scale - index * step);
    rising(wanted).forEach((place, index) => {
      const node = ordered[index];
      if (node !== undefined) places.set(node.id, place + index * step);
    });
  }
  const first = Math.min(...places.values());
  return new Map([...places].map(([id, place]) => [id, place - first]));
};

/** The sequence that never falls and lies nearest to `values`: neighbours that would fall share their mean. */
const rising = (values: readonly number[]): readonly number[] => {
  const pools: { sum: number; many: number }[] = [];
  for (const value of values) {
    let pool = { sum: value, many: 1 };
    for (
      let last = pools.at(-1);
      last !== undefined && last.sum / last.many > pool.sum / pool.many;
      last = pools.at(-1)
    ) {
      pools.pop();
      pool = { sum: pool.sum + last.sum, many: pool.many + last.many };
    }
    pools.push(pool);
  }
  return pools.flatMap(({ sum, many }) => Array.from({ length: many }, () => sum / many));
};
