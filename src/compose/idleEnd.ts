import type { Clock } from '../application/ports/system.ts';

export type IdleOptions = {
  /** After this long without work and company, milliseconds. */
  readonly idleMs: number;
  /** True while a job runs, or a front or a browser is connected. */
  readonly occupied: () => boolean;
  /** When the last request came, milliseconds since the epoch. */
  readonly lastUse: () => number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/** Resolves when nobody has wanted anything for so long; never, where the signal aborts first. */
export const idleEnd = async ({ idleMs, occupied, lastUse, clock, signal }: IdleOptions): Promise<void> => {
  let freeSince = clock.now();
  for (;;) {
    const quietSince = Math.max(freeSince, lastUse());
    await clock.sleep(Math.max(quietSince + idleMs - clock.now(), idleMs / 20), signal);
    if (occupied()) freeSince = clock.now();
    else if (clock.now() - Math.max(freeSince, lastUse()) >= idleMs) return;
  }
};
