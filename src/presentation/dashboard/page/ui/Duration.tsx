import { now } from './clock.ts';
import { agoText, durationText, isoDuration } from './format.ts';

/**
 * Time from `since` to `until`; without `until` it ticks.
 * @param props both ISO times, as the wire has them.
 */
export const Duration = ({
  since,
  until,
}: {
  readonly since: string;
  readonly until?: string | undefined;
}) => {
  const milliseconds = (until === undefined ? now.value : Date.parse(until)) - Date.parse(since);
  return (
    <time class="number" dateTime={isoDuration(milliseconds)}>
      {durationText(milliseconds)}
    </time>
  );
};

/** How long ago `at` (an ISO time) was; the exact time is in its title. */
export const Ago = ({ at }: { readonly at: string }) => (
  <time class="number" dateTime={at} title={new Date(at).toLocaleString()}>
    {agoText(Date.parse(at), now.value)}
  </time>
);
