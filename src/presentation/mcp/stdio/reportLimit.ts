const WINDOW_MS = 1000;
const REPORTS_PER_WINDOW = 20;

/**
 * Lets through what a person can read of a flood: 20 reports a second, and how many were left out before.
 * @param now milliseconds of a clock that never goes back.
 */
export const createReportLimit = (
  report: (what: string) => void,
  now: () => number,
): ((what: string) => void) => {
  let since = Number.NEGATIVE_INFINITY;
  let told = 0;
  let untold = 0;
  return (what) => {
    if (now() - since >= WINDOW_MS) {
      since = now();
      told = 0;
    }
    if (told >= REPORTS_PER_WINDOW) {
      untold += 1;
      return;
    }
    told += 1;
    report(untold === 0 ? what : `${what} (${untold} more before it)`);
    untold = 0;
  };
};
