import { useEffect, useRef } from 'preact/hooks';
import { useScene } from '../jobContext.ts';
import type { Span } from '../model/attempts.ts';
import type { Row } from '../model/waterfallRows.ts';
import { AttemptBar } from './AttemptBar.tsx';
import { nextBar } from './nextBar.ts';
import { Patterns } from './Patterns.tsx';
import { PhaseBar } from './PhaseBar.tsx';
import { ROW, type Scale, timeOf } from './scale.ts';
import { TimeAxis } from './TimeAxis.tsx';

type Props = {
  readonly rows: readonly Row[];
  readonly window: Span;
  readonly origin: number;
  readonly width: number;
  readonly active: string | undefined;
  readonly selected: string | undefined;
  readonly onActive: (key: string) => void;
  readonly onZoom: (factor: number, at?: number) => void;
  readonly onPan: (share: number) => void;
  readonly onReset: () => void;
};

/** Left and right of the rows' names. */
export const labelWidth = (width: number): number => (width < 500 ? 74 : 96);

/** The rows with their bars. One stop of the tab key; arrows lead from bar to bar. */
export const Chart = (props: Props) => {
  const { rows, window, origin, width, active, selected, onActive, onZoom, onPan, onReset } = props;
  const { openTask } = useScene();
  const svg = useRef<SVGSVGElement>(null);
  const left = labelWidth(width);
  const scale: Scale = { window, left, width: width - left - 2 };
  const height = ROW.axis + rows.length * ROW.height;
  const bars = rows.flatMap((row) => row.bars.map((bar) => bar.key));
  const stop = active !== undefined && bars.includes(active) ? active : bars[0];
  const latest = useRef({ scale, onZoom });
  latest.current = { scale, onZoom };

  useEffect(() => {
    const element = svg.current;
    const onWheel = (event: WheelEvent): void => {
      if (element === null || (!event.ctrlKey && !event.metaKey)) return;
      event.preventDefault();
      const x = event.clientX - element.getBoundingClientRect().left;
      latest.current.onZoom(Math.exp(event.deltaY * 0.0015), timeOf(latest.current.scale, x));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, []);

  const focus = (key: string): void => {
    onActive(key);
    for (const bar of svg.current?.querySelectorAll<SVGGElement>('[data-bar]') ?? []) {
      if (bar.dataset.bar === key) bar.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || stop === undefined) return;
    const at = rows.flatMap((row) => [...row.bars]).find((bar) => bar.key === stop);
    if (event.shiftKey && event.key === 'ArrowLeft') onPan(-0.2);
    else if (event.shiftKey && event.key === 'ArrowRight') onPan(0.2);
    else if (event.key.startsWith('Arrow')) {
      const next = nextBar(rows, stop, event.key);
      if (next !== undefined) focus(next);
    } else if (event.key === '+' || event.key === '=') onZoom(0.6, at && (at.from + at.to) / 2);
    else if (event.key === '-') onZoom(1.6, at && (at.from + at.to) / 2);
    else if (event.key === '0') onReset();
    else if ((event.key === 'Enter' || event.key === ' ') && at !== undefined && 'taskId' in at)
      openTask(at.taskId);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG, where no fieldset can be
    <svg
      ref={svg}
      class="waterfall-chart"
      width={width}
      height={height}
      role="group"
      aria-label="Timeline of the attempts; arrow keys go from bar to bar, plus and minus zoom"
      onKeyDown={onKeyDown}
      onDblClick={onReset}
    >
      <Patterns />
      <clipPath id="waterfall-clip">
        <rect x={left} y="0" width={scale.width + 2} height={height} />
      </clipPath>
      <TimeAxis scale={scale} origin={origin} height={height} />
      {rows.map((row, index) => (
        <g key={row.key} transform={`translate(0 ${ROW.axis + index * ROW.height})`}>
          <path class="waterfall-line" d={`M0 ${ROW.height - 0.5}h${width}`} />
          <text class="waterfall-label" x="0" y={ROW.height / 2 + 4}>
            {row.label}
          </text>
          <g clip-path="url(#waterfall-clip)">
            {row.kind === 'lane'
              ? row.bars.map((bar) => (
                  <AttemptBar
                    key={bar.key}
                    bar={bar}
                    scale={scale}
                    stop={bar.key === stop}
                    selected={bar.taskId === selected}
                    onActive={onActive}
                  />
                ))
              : row.bars.map((bar) => (
                  <PhaseBar
                    key={bar.key}
                    bar={bar}
                    scale={scale}
                    stop={bar.key === stop}
                    onActive={onActive}
                  />
                ))}
          </g>
        </g>
      ))}
    </svg>
  );
};
