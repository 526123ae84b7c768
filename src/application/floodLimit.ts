export type FloodLimit = {
  /** @returns how many were left out before this one; undefined where this one is left out, too. */
  readonly take: () => number | undefined;
  /** How many were left out and not told yet; they count as told with this. */
  readonly rest: () => number;
};

/**
 * What strangers, workers or a broken receiver can make happen as often as they like is told so many times in a window,
 * and the next time with how many were left out: it must not fill a log, and a person must see that there was a flood.
 * @param now milliseconds; a clock that is set back begins a new window.
 */
export const floodLimit = (
  { most, windowMs }: { readonly most: number; readonly windowMs: number },
  now: () => number,
): FloodLimit => {
  let since = Number.NEGATIVE_INFINITY;
  let told = 0;
  let leftOut = 0;
  const rest = (): number => {
    const count = leftOut;
    leftOut = 0;
    return count;
  };
  return {
    take: () => {
      const at = now();
      if (Math.abs(at - since) >= windowMs) {
        since = at;
        told = 0;
      }
      if (told >= most) {
        leftOut += 1;
        return undefined;
      }
      told += 1;
      return rest();
    },
    rest,
  };
};
