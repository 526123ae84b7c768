import { floodLimit } from '../application/floodLimit.ts';

/** What a person can read of a flood. */
const LIMIT = { most: 20, windowMs: 1000 };

/**
 * Lets 20 reports a second through, the next with how many were left out.
 * @param now milliseconds.
 */
export const limitedReports = <T>(
  report: (what: T, leftOut: number) => void,
  now: () => number,
): ((what: T) => void) => {
  const limit = floodLimit(LIMIT, now);
  return (what) => {
    const leftOut = limit.take();
    if (leftOut !== undefined) report(what, leftOut);
  };
};
