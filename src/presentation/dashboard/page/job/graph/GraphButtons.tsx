import type { PanZoom } from './usePanZoom.ts';

/** Zooming for those who have neither wheel nor two fingers. */
export const GraphButtons = ({ view }: { readonly view: PanZoom }) => (
  <div class="job-actions">
    <button type="button" class="button small square" aria-label="Zoom out" onClick={() => view.zoom(0.8)}>
      −
    </button>
    <button type="button" class="button small square" aria-label="Zoom in" onClick={() => view.zoom(1.25)}>
      +
    </button>
    <button type="button" class="button small" onClick={view.fit}>
      Fit
    </button>
  </div>
);
