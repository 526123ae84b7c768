const WINDOW_MS = 1000;
const REPORTS_PER_WINDOW = 20;

/**
 * Lets through what a person can read of a flood: 20 reports a second, the next with how many were left out.
 * @param now milliseconds.
 */
export const limitedReports = <T>(
  report: (what: T, leftOut: number) => void,
  now: () => number,
): ((what: T) => void) => {
  let since = Number.NEGATIVE_INFINITY;
  let told = 0;
  let untold = 0;
  return (what) => {
    if (Math.abs(now() - since) >= WINDOW_MS) {
      since = now();
      told = 0;
    }
    if (told >= REPORTS_PER_WINDOW) {
      untold += 1;
      return;
    }
    told += 1;
    report(what, untold);
    untold = 0;
  };
};
