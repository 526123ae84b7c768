import { useRef } from 'preact/hooks';
import type { Span } from '../model/attempts.ts';
import { axisTime } from '../model/format.ts';
import { clampWindow } from '../model/timeScale.ts';
import type { Row } from '../model/waterfallRows.ts';
import { labelWidth } from './Chart.tsx';
import { type Scale, stretch, timeOf, xOf } from './scale.ts';

type Props = {
  readonly rows: readonly Row[];
  readonly whole: Span;
  readonly window: Span;
  readonly width: number;
  readonly onWindow: (window: Span) => void;
  readonly onReset: () => void;
};

const HEIGHT = 44;
const GRIP = 8;

type Drag = { readonly kind: 'new' | 'from' | 'to' | 'move'; readonly start: number; readonly window: Span };

/** All of the time, small, with the part that is shown above: drag to choose a part, double click for all. */
export const Overview = ({ rows, whole, window, width, onWindow, onReset }: Props) => {
  const svg = useRef<SVGSVGElement>(null);
  const drag = useRef<Drag | undefined>(undefined);
  const left = labelWidth(width);
  const scale: Scale = { window: whole, left, width: width - left - 2 };
  const from = xOf(scale, window.from);
  const to = xOf(scale, window.to);
  const line = HEIGHT / Math.max(1, rows.length);
  const timeAt = (event: PointerEvent): number =>
    timeOf(scale, event.clientX - (svg.current?.getBoundingClientRect().left ?? 0));

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const start = timeAt(event);
    const x = xOf(scale, start);
    const all = window.to - window.from >= (whole.to - whole.from) * 0.995;
    const kind =
      Math.abs(x - from) <= GRIP
        ? 'from'
        : Math.abs(x - to) <= GRIP
          ? 'to'
          : !all && x > from && x < to
            ? 'move'
            : 'new';
    drag.current = { kind, start, window };
    svg.current?.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const began = drag.current;
    if (began === undefined) return;
    const at = timeAt(event);
    const by = at - began.start;
    // A shaking hand at a click is no choice of a part.
    if (Math.abs(xOf(scale, at) - xOf(scale, began.start)) < 3) return;
    if (began.kind === 'new') onWindow({ from: Math.min(at, began.start), to: Math.max(at, began.start) });
    else if (began.kind === 'move') onWindow({ from: began.window.from + by, to: began.window.to + by });
    else if (began.kind === 'from')
      onWindow({ from: Math.min(at, began.window.to - 1000), to: began.window.to });
    else onWindow({ from: began.window.from, to: Math.max(at, began.window.from + 1000) });
  };
  const end = (): void => {
    drag.current = undefined;
  };
  const onKey = (edge: 'from' | 'to') => (event: KeyboardEvent) => {
    const step = (whole.to - whole.from) * (event.shiftKey ? 0.1 : 0.02);
    const by = event.key === 'ArrowLeft' || event.key === 'ArrowDown' ? -step : step;
    if (event.key === 'Escape') onReset();
    else if (event.key === 'Home' && edge === 'from') onWindow({ ...window, from: whole.from });
    else if (event.key === 'End' && edge === 'to') onWindow({ ...window, to: whole.to });
    else if (!event.key.startsWith('Arrow')) return;
    else if (edge === 'from')
      onWindow({ from: Math.max(whole.from, Math.min(window.from + by, window.to - 1000)), to: window.to });
    else
      onWindow(clampWindow({ from: window.from, to: Math.max(window.to + by, window.from + 1000) }, whole));
    event.preventDefault();
  };
  const handle = (edge: 'from' | 'to', x: number, label: string) => (
    <g
      class="wf-handle"
      role="slider"
      tabindex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.round((whole.to - whole.from) / 1000)}
      aria-valuenow={Math.round((window[edge] - whole.from) / 1000)}
      aria-valuetext={axisTime((window[edge] - whole.from) / 1000)}
      onKeyDown={onKey(edge)}
    >
      <rect x={x - 3} y="8" width="6" height={HEIGHT - 16} rx="3" />
    </g>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG, where no fieldset can be
    <svg
      ref={svg}
      class="wf-overview"
      width={width}
      height={HEIGHT}
      role="group"
      aria-label="Part of the time that is shown; Escape shows all"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={end}
      onPointerCancel={end}
      onDblClick={onReset}
    >
      <text class="waterfall-label" x="0" y={HEIGHT / 2 + 4}>
        Overview
      </text>
      <rect class="wf-strip" x={left} y="0" width={scale.width} height={HEIGHT} rx="4" />
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: an SVG group takes no focus */}
      <g aria-hidden="true">
        {rows.flatMap((row, index) =>
          row.bars.map((bar) => (
            <rect
              key={bar.key}
              class={`wf-mini ${'outcome' in bar ? `is-${bar.outcome}` : 'is-job'}`}
              {...stretch(scale, bar, 1)}
              y={index * line + line * 0.15}
              height={Math.max(1, line * 0.7)}
            />
          )),
        )}
        <rect class="wf-shade" x={left} y="0" width={Math.max(0, from - left)} height={HEIGHT} />
        <rect class="wf-shade" x={to} y="0" width={Math.max(0, left + scale.width - to)} height={HEIGHT} />
        <rect class="wf-brush" x={from} y="0.5" width={Math.max(2, to - from)} height={HEIGHT - 1} rx="4" />
      </g>
      {handle('from', from, 'Beginning of what is shown')}
      {handle('to', to, 'End of what is shown')}
    </svg>
  );
};
