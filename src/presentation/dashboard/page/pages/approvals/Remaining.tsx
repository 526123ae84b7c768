import { now } from '../../ui/clock.ts';
import { durationText, isoDuration } from '../../ui/format.ts';

/** The time until `at` (an ISO time), ticking; `none` once it is over. */
export const Remaining = ({ at }: { readonly at: string }) => {
  const left = Date.parse(at) - now.value;
  if (left <= 0) return <span>none</span>;
  return (
    <time class="number" dateTime={isoDuration(left)} title={new Date(at).toLocaleString()}>
      {durationText(left)}
    </time>
  );
};
