import './graph.css';
import { useComputed } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { useScene } from '../jobContext.ts';
import { layoutTasks } from '../model/graphLayout.ts';
import { waitsFor } from '../model/taskTimes.ts';
import { useSize } from '../ui/useSize.ts';
import { GraphButtons } from './GraphButtons.tsx';
import { GraphEdges } from './GraphEdges.tsx';
import { GraphLegend } from './GraphLegend.tsx';
import { GraphNodes } from './GraphNodes.tsx';
import { TaskList } from './TaskList.tsx';
import { usePanZoom } from './usePanZoom.ts';

const LIVE: ReadonlySet<string> = new Set(['running', 'verifying']);
const NARROW = 700;
const LOWEST = 180;
const HIGHEST = 540;

/** The tasks and what they wait for, as a drawing that can be moved, zoomed and walked through by keys. */
export const TaskGraph = ({ selected }: { readonly selected: string | undefined }) => {
  const { store, critical } = useScene();
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const tasks = store.job.value?.tasks ?? [];
  const direction = width < NARROW ? 'TB' : 'LR';
  // States change all the time, what hangs on what hardly ever: only that asks for a new layout.
  const structure = JSON.stringify(tasks.map((task) => [task.id, waitsFor(task)]));
  const layout = useMemo(
    () =>
      layoutTasks(
        // Until the place is measured there is nothing to lay out for: it would be done twice.
        (width === 0 ? [] : tasks).map((task) => ({ id: task.id, dependsOn: waitsFor(task) })),
        direction,
        Math.max(width, 320) / 420,
      ),
    [structure, width === 0, direction, direction === 'LR' ? Math.round(width / 200) : width],
  );
  const readable = width < NARROW ? 0.62 : 0.5;
  const scale = Math.min(1, Math.max(readable, width / Math.max(1, layout.width)));
  const height = Math.min(HIGHEST, Math.max(LOWEST, layout.height * scale));
  // A graph that is too large to be read as a whole is opened where the work is.
  const first = (tasks.find((task) => LIVE.has(task.status)) ?? tasks[0])?.id;
  const view = usePanZoom(frame, layout, { width, height }, { readable, first });
  const onPath = useComputed(() => critical.value.path);
  return (
    <section class="card job-card" aria-labelledby="job-graph-title">
      <div class="job-section-head">
        <h2 id="job-graph-title">Tasks</h2>
        <GraphButtons view={view} />
      </div>
      <TaskList tasks={tasks} />
      <div ref={frame} class="graph-frame" {...view.handlers}>
        {width > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: a group of an SVG, where no fieldset can be
          <svg
            width={width}
            height={height}
            role="group"
            aria-label="Graph of the tasks; arrow keys go along the edges"
          >
            <g class={view.far.value ? 'graph-scene is-far' : 'graph-scene'} transform={view.transform}>
              <GraphEdges edges={layout.edges} path={onPath.value} tasks={tasks} />
              <GraphNodes layout={layout} direction={direction} selected={selected} view={view} />
            </g>
          </svg>
        )}
      </div>
      <GraphLegend />
    </section>
  );
};
