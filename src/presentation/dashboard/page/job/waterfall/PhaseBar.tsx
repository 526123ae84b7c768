import { duration } from '../model/format.ts';
import type { Phase } from '../model/jobPhases.ts';
import { ROW, type Scale, stretch } from './scale.ts';

type Props = {
  readonly bar: Phase;
  readonly scale: Scale;
  readonly stop: boolean;
  readonly onActive: (key: string) => void;
};

/** Work on the job as a whole. */
export const PhaseBar = ({ bar, scale, stop, onActive }: Props) => {
  const words = `${bar.label}, ${duration((bar.to - bar.from) / 1000)}`;
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: an SVG group is no control
    <g
      class="wf-bar"
      role="img"
      tabindex={stop ? 0 : -1}
      data-bar={bar.key}
      onFocus={() => onActive(bar.key)}
      onMouseEnter={() => onActive(bar.key)}
    >
      <title>{words}</title>
      <rect
        class={`wf-phase is-${bar.kind}`}
        {...stretch(scale, bar, 3)}
        y={(ROW.height - ROW.bar) / 2}
        height={ROW.bar}
        rx="3"
      />
    </g>
  );
};
