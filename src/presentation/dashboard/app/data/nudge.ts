/** A pause that can be cut short. */
export const createNudge = (): { pause(milliseconds: number): Promise<void>; nudge(): void } => {
  let wake: (() => void) | undefined;
  let isDue = false;
  return {
    pause: (milliseconds) =>
      new Promise((resolve) => {
        const timer = Number.isFinite(milliseconds) ? setTimeout(() => wake?.(), milliseconds) : undefined;
        wake = () => {
          clearTimeout(timer);
          wake = undefined;
          isDue = false;
          resolve();
        };
        // Asked for while no pause was under way.
        if (isDue) wake();
      }),
    nudge: () => {
      isDue = true;
      wake?.();
    },
  };
};
