import { axisTime } from '../model/format.ts';
import { ticksOf } from '../model/timeScale.ts';
import { type Scale, xOf } from './scale.ts';

type Props = { readonly scale: Scale; readonly origin: number; readonly height: number };

/** Minutes and seconds since the beginning. */
export const TimeAxis = ({ scale, origin, height }: Props) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an SVG group takes no focus
  <g aria-hidden="true">
    {ticksOf(scale.window, origin, Math.max(2, Math.floor(scale.width / 80))).map((at) => {
      const x = xOf(scale, origin + at);
      const end = x > scale.left + scale.width - 24;
      return (
        <g key={at}>
          <path class="waterfall-tick" d={`M${x.toFixed(1)} 20V${height}`} />
          <text
            class="waterfall-time"
            x={x}
            y="13"
            text-anchor={end ? 'end' : x < scale.left + 12 ? 'start' : 'middle'}
          >
            {axisTime(at / 1000)}
          </text>
        </g>
      );
    })}
  </g>
);
