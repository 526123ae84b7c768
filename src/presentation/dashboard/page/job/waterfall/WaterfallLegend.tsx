import type { Row } from '../model/waterfallRows.ts';
import { SEGMENT_WORDS } from '../model/words.ts';

const Swatch = ({ kind }: { readonly kind: string }) => (
  <svg width="22" height="12" aria-hidden="true">
    <rect class={kind} x="0.5" y="0.5" width="21" height="11" rx="2" />
  </svg>
);

/** What the bars' colours and hatchings mean, of those that are there. */
export const WaterfallLegend = ({ rows }: { readonly rows: readonly Row[] }) => {
  const bars = rows.flatMap((row) => (row.kind === 'lane' ? row.bars : []));
  const has = (kind: string): boolean =>
    bars.some((bar) => bar.segments.some((segment) => segment.kind === kind));
  return (
    <ul class="job-legend" aria-label="Legend of the timeline">
      {(['working', 'verifying', 'repairing', 'asking'] as const).filter(has).map((kind) => (
        <li key={kind}>
          <Swatch kind={`wf-segment is-${kind}`} /> {SEGMENT_WORDS[kind]}
        </li>
      ))}
      {bars.some((bar) => bar.waitFrom !== undefined) && (
        <li>
          <svg width="22" height="12" aria-hidden="true">
            <path class="wf-wait" d="M0 6h22" />
          </svg>{' '}
          waiting for a worker
        </li>
      )}
      {bars.some((bar) => bar.pause?.rateLimited) && (
        <li>
          <Swatch kind="wf-pause is-rate" /> pause for the rate limit
        </li>
      )}
      {bars.some((bar) => bar.pause !== undefined && !bar.pause.rateLimited) && (
        <li>
          <Swatch kind="wf-pause" /> pause before another try
        </li>
      )}
      <li class="job-legend-keys">
        Drag in the overview to zoom, double click for all; keys: arrows, +, −, 0
      </li>
    </ul>
  );
};
