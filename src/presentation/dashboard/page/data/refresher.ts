/** Runs `work` at most once at a time and in `apartMs`, and once more where it was asked for meanwhile. */
export const refresher = (closed: AbortSignal, apartMs: number, work: () => Promise<void>): (() => void) => {
  let busy = false;
  let again = false;
  let last = Number.NEGATIVE_INFINITY;
  const run = async (): Promise<void> => {
    last = performance.now();
    again = false;
    try {
      await work();
    } finally {
      busy = false;
      if (again) ask();
    }
  };
  const ask = (): void => {
    if (closed.aborted) return;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    setTimeout(() => void run(), Math.max(0, last + apartMs - performance.now()));
  };
  return ask;
};
