import './waterfall.css';
import { useRef, useState } from 'preact/hooks';
import { Empty } from '../../ui/Empty.tsx';
import { useScene } from '../jobContext.ts';
import type { Span } from '../model/attempts.ts';
import { clampWindow, panWindow, zoomWindow } from '../model/timeScale.ts';
import { useSize } from '../ui/useSize.ts';
import { BarDetails } from './BarDetails.tsx';
import { Chart } from './Chart.tsx';
import { Overview } from './Overview.tsx';
import { WaterfallLegend } from './WaterfallLegend.tsx';
import { wholeSpan } from './wholeSpan.ts';

/** Who worked on what and when: a row for each worker, and for the work on the whole. */
export const Waterfall = ({ selected }: { readonly selected: string | undefined }) => {
  const { rows } = useScene();
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const [zoomed, setZoomed] = useState<Span>();
  const [active, setActive] = useState<string>();
  const whole = wholeSpan(rows.value);
  // Without a zoom the window grows with the job.
  const window = zoomed === undefined ? whole : clampWindow(zoomed, whole);
  const set = (next: Span): void => {
    const all = next.to - next.from >= (whole.to - whole.from) * 0.995;
    setZoomed(all ? undefined : next);
  };
  const zoom = (factor: number, at = (window.from + window.to) / 2): void =>
    set(zoomWindow(window, factor, at, whole));
  const empty = rows.value.every((row) => row.bars.length === 0);
  return (
    <section class="card job-card" aria-labelledby="job-waterfall-title">
      <div class="job-section-head">
        <h2 id="job-waterfall-title">Timeline</h2>
        <div class="job-actions">
          <button
            type="button"
            class="button small square"
            aria-label="Zoom out in time"
            onClick={() => zoom(1.6)}
          >
            −
          </button>
          <button
            type="button"
            class="button small square"
            aria-label="Zoom in on time"
            onClick={() => zoom(0.6)}
          >
            +
          </button>
          <button
            type="button"
            class="button small"
            disabled={zoomed === undefined}
            onClick={() => setZoomed(undefined)}
          >
            All
          </button>
        </div>
      </div>
      <div ref={frame} class="waterfall-frame">
        {width > 0 && !empty && (
          <>
            <Chart
              rows={rows.value}
              window={window}
              origin={whole.from}
              width={width}
              active={active}
              selected={selected}
              onActive={setActive}
              onZoom={zoom}
              onPan={(share) => set(panWindow(window, share, whole))}
              onReset={() => setZoomed(undefined)}
            />
            <Overview
              rows={rows.value}
              whole={whole}
              window={window}
              width={width}
              onWindow={(next) => set(clampWindow(next, whole))}
              onReset={() => setZoomed(undefined)}
            />
          </>
        )}
      </div>
      {empty ? <Empty title="Nothing has begun yet" /> : <BarDetails rows={rows.value} active={active} />}
      {!empty && <WaterfallLegend rows={rows.value} />}
    </section>
  );
};
