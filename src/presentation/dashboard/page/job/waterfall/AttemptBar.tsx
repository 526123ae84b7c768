import { useScene } from '../jobContext.ts';
import type { Attempt } from '../model/attempts.ts';
import { duration } from '../model/format.ts';
import { OUTCOME_WORDS } from '../model/words.ts';
import { fitText } from '../ui/fitText.ts';
import { ROW, type Scale, stretch, xOf } from './scale.ts';

type Props = {
  readonly bar: Attempt;
  readonly scale: Scale;
  readonly stop: boolean;
  readonly selected: boolean;
  readonly onActive: (key: string) => void;
};

const TOP = (ROW.height - ROW.bar) / 2;
const SIGNS: Readonly<Partial<Record<Attempt['outcome'], string>>> = {
  failed: 'M-3.500 -3.500l7 7M3.500 -3.500l-7 7',
  retrying: 'M3.500 -1a3.700 3.700 0 1 0 .2 2.500M3.800 -4v3h-3',
  parked: 'M-1.800 -3.500v7M1.800 -3.500v7',
  held: 'M-1.800 -3.500v7M1.800 -3.500v7',
  interrupted: 'M-3.500 0h7',
  cancelled: 'M-3.500 0h7',
  skipped: 'M-3 -3.500l4 3.500l-4 3.500M3 -3.500v7',
};

/** An attempt: waiting as a thin line, then its stretches, the sign of a bad end, and the pause behind it. */
export const AttemptBar = ({ bar, scale, stop, selected, onActive }: Props) => {
  const { store, openTask } = useScene();
  const task = store.job.value?.tasks.find((candidate) => candidate.id === bar.taskId);
  const title = task?.title ?? bar.taskId;
  const box = stretch(scale, bar, 3);
  const sign = SIGNS[bar.outcome];
  const words = `${title}, attempt ${bar.attempt}: ${OUTCOME_WORDS[bar.outcome]}, ${duration((bar.to - bar.from) / 1000)}`;
  const first = bar.segments[0]?.to ?? bar.to;
  const nameRoom =
    Math.min(xOf(scale, first) - 4, box.x + box.width - (sign === undefined ? 4 : 20)) -
    Math.max(box.x, scale.left) -
    6;
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button element
    <g
      class={`wf-bar is-${bar.outcome}${selected ? ' is-selected' : ''}`}
      role="button"
      tabindex={stop ? 0 : -1}
      data-bar={bar.key}
      data-task={bar.taskId}
      onFocus={() => onActive(bar.key)}
      onMouseEnter={() => onActive(bar.key)}
      onClick={() => openTask(bar.taskId)}
    >
      <title>{words}</title>
      {bar.waitFrom !== undefined && (
        <path
          class="wf-wait"
          d={`M${xOf(scale, bar.waitFrom).toFixed(1)} ${ROW.height - 4}H${box.x.toFixed(1)}`}
        />
      )}
      {bar.pause !== undefined && (
        <rect
          class={bar.pause.rateLimited ? 'wf-pause is-rate' : 'wf-pause'}
          {...stretch(scale, bar.pause)}
          y={TOP + 3}
          height={ROW.bar - 6}
        />
      )}
      {bar.segments.map((segment) => (
        <rect
          key={segment.from}
          class={`wf-segment is-${segment.kind}`}
          {...stretch(scale, segment, 1)}
          y={TOP}
          height={ROW.bar}
        />
      ))}
      <rect class="wf-outline" x={box.x} y={TOP} width={box.width} height={ROW.bar} rx="3" />
      {nameRoom > 34 && (
        <text class="wf-name" x={Math.max(box.x, scale.left) + 6} y={TOP + 13}>
          {fitText(title, nameRoom, '11px')}
        </text>
      )}
      {sign !== undefined && (
        <g
          transform={`translate(${(box.x + Math.max(box.width - 9, box.width / 2)).toFixed(1)} ${ROW.height / 2})`}
        >
          <circle class="wf-sign-ground" r="7" />
          <path class="wf-sign" d={sign} />
        </g>
      )}
    </g>
  );
};
