import { edgePath } from '../model/edgePath.ts';
import type { PlacedEdge } from '../model/graphLayout.ts';
import type { WholeTask } from '../model/wire.ts';

type Props = {
  readonly edges: readonly PlacedEdge[];
  readonly path: readonly string[];
  readonly tasks: readonly WholeTask[];
};

/** Who waits for whom, dashed where the scheduler ordered it; the edges of the critical path are thicker and drawn last. */
export const GraphEdges = ({ edges, path, tasks }: Props) => {
  const next = new Map(path.map((id, index) => [id, path[index + 1]]));
  const isCritical = (edge: PlacedEdge): boolean => next.get(edge.from) === edge.to;
  const asked = new Map(tasks.map((task) => [task.id, new Set(task.depends_on)]));
  const classes = (edge: PlacedEdge): string =>
    `graph-edge${isCritical(edge) ? ' is-critical' : ''}${asked.get(edge.to)?.has(edge.from) ? '' : ' is-order'}`;
  const sorted = edges.toSorted((a, b) => Number(isCritical(a)) - Number(isCritical(b)));
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an SVG group takes no focus
    <g aria-hidden="true">
      <defs>
        {/* Hatched, so that who waits for a person is told from the others without the colour. */}
        <pattern
          id="graph-parked"
          width="12"
          height="12"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(-45)"
        >
          <rect class="graph-parked-ground" width="12" height="12" />
          <rect class="graph-parked-ink" width="6" height="12" />
        </pattern>
        <marker
          id="graph-arrow"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto"
          markerUnits="userSpaceOnUse"
        >
          <path class="graph-arrow" d="M0 0l8 4l-8 4z" />
        </marker>
        <marker
          id="graph-arrow-critical"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="11"
          markerHeight="11"
          orient="auto"
          markerUnits="userSpaceOnUse"
        >
          <path class="graph-arrow is-critical" d="M0 0l8 4l-8 4z" />
        </marker>
      </defs>
      {sorted.map((edge) => (
        <path
          key={`${edge.from}\n${edge.to}`}
          class={classes(edge)}
          d={edgePath(edge.points)}
          marker-end={isCritical(edge) ? 'url(#graph-arrow-critical)' : 'url(#graph-arrow)'}
        />
      ))}
    </g>
  );
};
