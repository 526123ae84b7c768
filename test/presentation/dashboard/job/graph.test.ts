import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  criticalPathOf,
  hasCircle,
  type PathNode,
} from '../../../../src/presentation/dashboard/page/job/model/criticalPath.ts';
import { neighbour } from '../../../../src/presentation/dashboard/page/job/model/graphKeys.ts';
import { layoutTasks, NODE } from '../../../../src/presentation/dashboard/page/job/model/graphLayout.ts';

/** Tasks that depend on earlier ones only, and at times on some that nobody knows. */
const graph = fc
  .array(fc.tuple(fc.nat(100), fc.array(fc.nat(20), { maxLength: 4 })), { minLength: 1, maxLength: 14 })
  .map((rows): readonly PathNode[] =>
    rows.map(([weight, before], index) => ({
      id: `t${index}`,
      weight,
      dependsOn: before.filter((at) => at < index || at > 15).map((at) => `t${at}`),
    })),
  );

/** Every path of the graph, counted out: what the clever way must not beat. */
const longestByHand = (nodes: readonly PathNode[]): number => {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const upTo = (node: PathNode): number =>
    node.weight +
    Math.max(0, ...node.dependsOn.flatMap((id) => byId.get(id) ?? []).map((before) => upTo(before)));
  return Math.max(...nodes.map(upTo));
};

describe('the critical path', () => {
  test('is a path of the graph as long as it says, and no longer one exists', () => {
    fc.assert(
      fc.property(graph, (nodes) => {
        const { path, length } = criticalPathOf(nodes);
        const byId = new Map(nodes.map((node) => [node.id, node]));
        path.forEach((id, index) => {
          if (index > 0) expect(byId.get(id)?.dependsOn).toContain(path[index - 1]);
        });
        expect(path.reduce((sum, id) => sum + (byId.get(id)?.weight ?? Number.NaN), 0)).toBe(length);
        expect(length).toBe(longestByHand(nodes));
      }),
    );
  });

  test('ends even where tasks wait for each other in a circle', () => {
    const circle = [
      { id: 'a', dependsOn: ['b'], weight: 5 },
      { id: 'b', dependsOn: ['a'], weight: 5 },
      { id: 'c', dependsOn: [], weight: 1 },
    ];
    expect(criticalPathOf(circle)).toEqual({ path: ['c'], length: 1 });
    expect(hasCircle(circle)).toBe(true);
    expect(hasCircle(circle.slice(1))).toBe(false);
    expect(criticalPathOf([])).toEqual({ path: [], length: 0 });
  });
});

const overlaps = (layout: ReturnType<typeof layoutTasks>): boolean =>
  layout.nodes.some((a, index) =>
    layout.nodes
      .slice(index + 1)
      .some((b) => Math.abs(a.x - b.x) < NODE.width && Math.abs(a.y - b.y) < NODE.height),
  );

describe('the layout', () => {
  test('places every task inside the drawing, and none on another', () => {
    fc.assert(
      fc.property(graph, fc.constantFrom('LR', 'TB'), (nodes, direction) => {
        const layout = layoutTasks(nodes, direction, 2);
        expect(layout.nodes.map((node) => node.id).toSorted()).toEqual(
          nodes.map((node) => node.id).toSorted(),
        );
        expect(overlaps(layout)).toBe(false);
        for (const node of layout.nodes) {
          expect(node.x).toBeGreaterThanOrEqual(0);
          expect(node.x + NODE.width).toBeLessThanOrEqual(layout.width + 0.5);
          expect(node.y).toBeGreaterThanOrEqual(0);
          expect(node.y + NODE.height).toBeLessThanOrEqual(layout.height + 0.5);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('200 linked tasks do not overlap and are pushed together to what their fullest layer needs', () => {
    const nodes = Array.from({ length: 200 }, (_, index) => ({
      id: `t${index}`,
      dependsOn: index < 20 ? [] : [`t${index - 20 + (index % 3)}`, `t${index - (index % 20) - 20}`],
    }));
    for (const direction of ['LR', 'TB'] as const) {
      const layout = layoutTasks(nodes, direction, 2);
      expect(overlaps(layout)).toBe(false);
      const layers = Map.groupBy(layout.nodes, (node) => Math.round(direction === 'LR' ? node.x : node.y));
      const fullest = Math.max(...[...layers.values()].map((layer) => layer.length));
      const step = direction === 'LR' ? NODE.height + 18 : NODE.width + 18;
      expect(direction === 'LR' ? layout.height : layout.width).toBeLessThan(2 * fullest * step);
    }
  });

  test('tasks without any link make a grid, not one endless column', () => {
    const nodes = Array.from({ length: 100 }, (_, index) => ({ id: `t${index}`, dependsOn: [] }));
    const { width, height } = layoutTasks(nodes, 'LR', 2);
    expect(width / height).toBeGreaterThan(1);
    expect(width / height).toBeLessThan(4);
  });

  test('ids that mean something to JavaScript are ids', () => {
    const odd = ['__proto__', 'constructor', 'toString', '\u0000', '<b>'];
    const layout = layoutTasks(
      odd.map((id, index) => ({ id, dependsOn: index === 0 ? [] : [odd[index - 1] ?? ''] })),
      'LR',
      2,
    );
    expect(layout.nodes.map((node) => node.id).toSorted()).toEqual(odd.toSorted());
    expect(layout.edges).toHaveLength(4);
  });

  test('arrow keys go along the edges, forth and back', () => {
    const nodes = ['a', 'b', 'c'].map((id, index, ids) => ({
      id,
      dependsOn: index === 0 ? [] : [ids[index - 1] ?? ''],
    }));
    for (const [direction, forth, back] of [
      ['LR', 'ArrowRight', 'ArrowLeft'],
      ['TB', 'ArrowDown', 'ArrowUp'],
    ] as const) {
      const layout = layoutTasks(nodes, direction, 2);
      expect(neighbour(layout, 'a', forth, direction)).toBe('b');
      expect(neighbour(layout, 'c', back, direction)).toBe('b');
      expect(neighbour(layout, 'c', forth, direction)).toBeUndefined();
    }
  });
});
