import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 50;

/** Looks until `look` gives something. @throws with `what` after the deadline, or when the signal aborts. */
export const eventually = async <T>(
  what: string,
  look: () => Promise<T | undefined>,
  o: { readonly deadlineMs: number; readonly signal: AbortSignal },
): Promise<T> => {
  const until = performance.now() + o.deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error(`It did not come to ${what} in ${o.deadlineMs / 1000} s.`);
    await delay(LOOK_MS, undefined, { signal: o.signal });
  }
};
