import { type Direction, type Layout, NODE, type PlacedNode } from './graphLayout.ts';

export type Arrow = 'ArrowRight' | 'ArrowLeft' | 'ArrowUp' | 'ArrowDown';

/**
 * The node that an arrow key leads to: along an edge where the arrow points along the flow, otherwise to the
 * nearest node on that side. Undefined where there is none.
 */
export const neighbour = (
  layout: Layout,
  id: string,
  arrow: Arrow,
  direction: Direction,
): string | undefined => {
  const at = layout.nodes.find((node) => node.id === id);
  if (at === undefined) return undefined;
  const forward = direction === 'LR' ? 'ArrowRight' : 'ArrowDown';
  const back = direction === 'LR' ? 'ArrowLeft' : 'ArrowUp';
  if (arrow === forward || arrow === back) {
    const linked = layout.edges.flatMap((edge) =>
      arrow === forward ? (edge.from === id ? [edge.to] : []) : edge.to === id ? [edge.from] : [],
    );
    const along = nearest(
      at,
      layout.nodes.filter((node) => linked.includes(node.id)),
    );
    if (along !== undefined) return along.id;
  }
  const isBeside = (node: PlacedNode): boolean => {
    const dx = node.x - at.x;
    const dy = node.y - at.y;
    switch (arrow) {
      case 'ArrowRight':
        return dx > NODE.width / 2 && Math.abs(dy) <= dx;
      case 'ArrowLeft':
        return -dx > NODE.width / 2 && Math.abs(dy) <= -dx;
      case 'ArrowDown':
        return dy > NODE.height / 2 && Math.abs(dx) <= Math.max(dy, NODE.width / 2);
      case 'ArrowUp':
        return -dy > NODE.height / 2 && Math.abs(dx) <= Math.max(-dy, NODE.width / 2);
    }
  };
  return nearest(at, layout.nodes.filter(isBeside))?.id;
};

const nearest = (at: PlacedNode, nodes: readonly PlacedNode[]): PlacedNode | undefined => {
  const distance = (node: PlacedNode): number => Math.hypot(node.x - at.x, node.y - at.y);
  return nodes.reduce<PlacedNode | undefined>(
    (best, node) => (best === undefined || distance(node) < distance(best) ? node : best),
    undefined,
  );
};
