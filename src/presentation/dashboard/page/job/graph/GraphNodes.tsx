import { useRef, useState } from 'preact/hooks';
import { useScene } from '../jobContext.ts';
import { neighbour } from '../model/graphKeys.ts';
import type { Direction, Layout } from '../model/graphLayout.ts';
import { GraphNode } from './GraphNode.tsx';
import type { PanZoom } from './usePanZoom.ts';

type Props = {
  readonly layout: Layout;
  readonly direction: Direction;
  readonly selected: string | undefined;
  readonly view: PanZoom;
};

const PAN = 60;
const isArrow = (key: string) =>
  key === 'ArrowRight' || key === 'ArrowLeft' || key === 'ArrowUp' || key === 'ArrowDown' ? key : undefined;

/** The nodes as one stop of the tab key; from there on arrows lead. */
export const GraphNodes = ({ layout, direction, selected, view }: Props) => {
  const { store, critical, openTask } = useScene();
  const group = useRef<SVGGElement>(null);
  const [current, setCurrent] = useState<string>();
  const tasks = new Map((store.job.value?.tasks ?? []).map((task) => [task.id, task]));
  const path = new Set(critical.value.path);
  const stop = current !== undefined && tasks.has(current) ? current : (selected ?? layout.nodes[0]?.id);

  const focus = (id: string): void => {
    setCurrent(id);
    view.show(id);
    for (const node of group.current?.querySelectorAll<SVGGElement>('[data-task]') ?? []) {
      if (node.dataset.task === id) node.focus({ preventScroll: true });
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || stop === undefined) return;
    const arrow = isArrow(event.key);
    if (arrow !== undefined && event.shiftKey) {
      view.pan(
        arrow === 'ArrowLeft' ? PAN : arrow === 'ArrowRight' ? -PAN : 0,
        arrow === 'ArrowUp' ? PAN : arrow === 'ArrowDown' ? -PAN : 0,
      );
    } else if (arrow !== undefined) {
      const next = neighbour(layout, stop, arrow, direction);
      if (next !== undefined) focus(next);
    } else if (event.key === 'Home' || event.key === 'End') {
      const end = layout.nodes.at(event.key === 'Home' ? 0 : -1);
      if (end !== undefined) focus(end.id);
    } else if (event.key === 'Enter' || event.key === ' ') openTask(stop);
    else if (event.key === '+' || event.key === '=') view.zoom(1.25);
    else if (event.key === '-') view.zoom(0.8);
    else if (event.key === '0' || event.key === 'f') view.fit();
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons in it
    <g ref={group} onKeyDown={onKeyDown}>
      {layout.nodes.map((node) => {
        const task = tasks.get(node.id);
        return task === undefined ? null : (
          <GraphNode
            key={node.id}
            task={task}
            x={node.x}
            y={node.y}
            critical={path.has(node.id)}
            selected={node.id === selected}
            stop={node.id === stop}
            onFocus={setCurrent}
          />
        );
      })}
    </g>
  );
};
