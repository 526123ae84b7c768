import { graphlib, layout } from '@dagrejs/dagre';
import { compactLayers } from './compactLayers.ts';

export type Direction = 'LR' | 'TB';
export type GraphTask = { readonly id: string; readonly dependsOn: readonly string[] };
export type Point = { readonly x: number; readonly y: number };
export type PlacedNode = Point & { readonly id: string };
export type PlacedEdge = { readonly from: string; readonly to: string; readonly points: readonly Point[] };
/** Nodes by their upper left corners, in the units of `NODE`. */
export type Layout = {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
};

export const NODE = { width: 208, height: 58 } as const;
const GAP = 18;
const RANK_GAP = 56;
const MARGIN = 12;
/** More tasks than this are laid out by the quicker ways. */
const MANY = 60;

/**
 * Where tasks and their dependencies are drawn. Tasks that hang together are laid out in layers; those that
 * nothing connects stand in a grid below, where layers would make one endless column of them.
 * @param aspect width ÷ height of the place to fill, for the grid.
 */
export const layoutTasks = (tasks: readonly GraphTask[], direction: Direction, aspect: number): Layout => {
  const known = new Set(tasks.map((task) => task.id));
  const pairs = tasks.flatMap((task) =>
    [...new Set(task.dependsOn)]
      .filter((id) => known.has(id) && id !== task.id)
      .map((id) => [id, task.id] as const),
  );
  const linked = new Set(pairs.flat());
  const layered = layers(
    tasks.filter((task) => linked.has(task.id)),
    pairs,
    direction,
  );
  const loose = tasks.filter((task) => !linked.has(task.id));
  if (loose.length === 0) return layered;
  const top = layered.nodes.length === 0 ? 0 : layered.height + GAP;
  const cell = { width: NODE.width + GAP, height: NODE.height + GAP };
  const wanted = Math.ceil(Math.sqrt((loose.length * cell.height * aspect) / cell.width));
  const across = Math.floor((layered.width - 2 * MARGIN + GAP) / cell.width);
  const columns = Math.max(1, Math.min(loose.length, Math.max(wanted, direction === 'LR' ? across : 1)));
  const grid = loose.map((task, index) => ({
    id: task.id,
    x: MARGIN + (index % columns) * cell.width,
    y: top + MARGIN + Math.floor(index / columns) * cell.height,
  }));
  return {
    nodes: [...layered.nodes, ...grid],
    edges: layered.edges,
    width: Math.max(layered.width, columns * cell.width - GAP + 2 * MARGIN),
    height: top + Math.ceil(loose.length / columns) * cell.height - GAP + 2 * MARGIN,
  };
};

const layers = (
  tasks: readonly GraphTask[],
  pairs: readonly (readonly [string, string])[],
  direction: Direction,
): Layout => {
  if (tasks.length === 0) return { nodes: [], edges: [], width: 0, height: 0 };
  const graph = new graphlib.Graph();
  graph.setGraph({
    rankdir: direction,
    nodesep: GAP,
    edgesep: 8,
    ranksep: RANK_GAP,
    marginx: MARGIN,
    marginy: MARGIN,
    // Network simplex makes edges a little shorter, and costs a third of a second for 200 tasks.
    ranker: tasks.length > MANY ? 'tight-tree' : 'network-simplex',
  });
  graph.setDefaultEdgeLabel(() => ({}));
  // The library keeps its nodes in plain objects, where an id like `__proto__` would break it: it gets numbers.
  const names = new Map(tasks.map((task, index) => [task.id, `n${index}`]));
  const name = (id: string): string => names.get(id) ?? '';
  for (const task of tasks) graph.setNode(name(task.id), { ...NODE });
  for (const [from, to] of pairs) graph.setEdge(name(from), name(to));
  layout(graph, { disableOptimalOrderHeuristic: tasks.length > MANY });
  const centres = new Map<string, Point>(tasks.map(({ id }) => [id, graph.node(name(id))]));
  if (tasks.length > MANY) return compacted(centres, pairs, direction);
  const { width = 0, height = 0 }: { width?: number; height?: number } = graph.graph();
  return {
    nodes: [...centres].map(([id, { x, y }]) => ({ id, x: x - NODE.width / 2, y: y - NODE.height / 2 })),
    edges: pairs.map(([from, to]) => {
      const { points }: { points: Point[] } = graph.edge(name(from), name(to));
      return { from, to, points };
    }),
    width,
    height,
  };
};

/** The same layers, pushed together; edges run straight from side to side, behind the nodes. */
const compacted = (
  centres: ReadonlyMap<string, Point>,
  pairs: readonly (readonly [string, string])[],
  direction: Direction,
): Layout => {
  const right = direction === 'LR';
  const across = compactLayers(
    [...centres].map(([id, { x, y }]) => ({
      id,
      layer: Math.round(right ? x : y),
      across: right ? y : x,
    })),
    (right ? NODE.height : NODE.width) + GAP,
  );
  const nodes = [...centres].map(([id, { x, y }]) => {
    const place = MARGIN + (across.get(id) ?? 0);
    return right ? { id, x: x - NODE.width / 2, y: place } : { id, x: place, y: y - NODE.height / 2 };
  });
  const at = new Map(nodes.map((node) => [node.id, node]));
  const edges = pairs.flatMap(([from, to]): PlacedEdge[] => {
    const [a, b] = [at.get(from), at.get(to)];
    return a === undefined || b === undefined ? [] : [{ from, to, points: between(a, b, right) }];
  });
  return {
    nodes,
    edges,
    width: Math.max(...nodes.map((node) => node.x)) + NODE.width + MARGIN,
    height: Math.max(...nodes.map((node) => node.y)) + NODE.height + MARGIN,
  };
};

/** From the end of one node to the beginning of another, in an S. */
const between = (a: Point, b: Point, right: boolean): readonly Point[] => {
  const from = right
    ? { x: a.x + NODE.width, y: a.y + NODE.height / 2 }
    : { x: a.x + NODE.width / 2, y: a.y + NODE.height };
  const to = right ? { x: b.x, y: b.y + NODE.height / 2 } : { x: b.x + NODE.width / 2, y: b.y };
  const bend = RANK_GAP / 2;
  return right
    ? [from, { x: from.x + bend, y: from.y }, { x: to.x - bend, y: to.y }, to]
    : [from, { x: from.x, y: from.y + bend }, { x: to.x, y: to.y - bend }, to];
};
