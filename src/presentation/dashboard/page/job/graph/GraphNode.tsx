import { countText } from '../../ui/format.ts';
import { LOOKS } from '../../ui/states.ts';
import { useScene } from '../jobContext.ts';
import { duration } from '../model/format.ts';
import { NODE } from '../model/graphLayout.ts';
import type { WholeTask } from '../model/wire.ts';
import { STATUS_WORDS } from '../model/words.ts';
import { fitText } from '../ui/fitText.ts';
import { StatusIcon } from '../ui/StatusIcon.tsx';

type Props = {
  readonly task: WholeTask;
  readonly x: number;
  readonly y: number;
  readonly critical: boolean;
  readonly selected: boolean;
  /** Whether the tab key stops here. */
  readonly stop: boolean;
  readonly onFocus: (id: string) => void;
};

/** A task in the graph: its state by colour, shape and words. */
export const GraphNode = ({ task, x, y, critical, selected, stop, onFocus }: Props) => {
  const { seconds, openTask } = useScene();
  const took = seconds(task);
  const time = took > 0 ? duration(took) : STATUS_WORDS[task.status];
  const tries = task.attempts > 1 ? ` · ${countText(task.attempts, 'attempt')}` : '';
  const words = `${task.title}: ${STATUS_WORDS[task.status]}${took > 0 ? `, ${duration(took)}` : ''}${
    task.attempts > 1 ? `, ${countText(task.attempts, 'attempt')}` : ''
  }${critical ? ', on the critical path' : ''}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button element
    <g
      class={`graph-node is-${LOOKS[task.status].tone} is-${task.status}${critical ? ' is-critical' : ''}${selected ? ' is-selected' : ''}`}
      transform={`translate(${x} ${y})`}
      role="button"
      tabindex={stop ? 0 : -1}
      data-task={task.id}
      onFocus={() => onFocus(task.id)}
      onClick={() => openTask(task.id)}
    >
      <title>{words}</title>
      <rect class="graph-box" width={NODE.width} height={NODE.height} rx="8" />
      <path class="graph-side" d={`M8 0h-0a8 8 0 0 0 -8 8v${NODE.height - 16}a8 8 0 0 0 8 8z`} />
      <svg x="15" y="11" width="18" height="18" aria-hidden="true">
        <StatusIcon status={task.status} />
      </svg>
      <text class="graph-title" x="40" y="25">
        {fitText(task.title, NODE.width - 50, '600 13px')}
      </text>
      <text class="graph-sub" x="40" y="45">
        {fitText(`${time}${tries}`, NODE.width - 50, '12px')}
      </text>
      <rect class="graph-ring" x="-3" y="-3" width={NODE.width + 6} height={NODE.height + 6} rx="10" />
    </g>
  );
};
