import type { WorkerOptions, WorkerRuntime } from '../ports/worker.ts';
import type { Enforced } from './enforced.ts';

/** A worker that ran a call past the gate takes the proof with it. */
const watched = (options: WorkerOptions, enforced: Enforced): WorkerOptions => ({
  ...options,
  onUnjudged: (call) => {
    options.onUnjudged?.(call);
    enforced.withdraw(call, options.serves?.());
  },
});

/** Workers that start only while it is proven that the gate holds for them. */
export const enforcedRuntime = (runtime: WorkerRuntime, enforced: Enforced): WorkerRuntime => ({
  open: async (options) => {
    await enforced.demand();
    return runtime.open(watched(options, enforced));
  },
  prewarm: async (options) => {
    await enforced.demand();
    const spare = await runtime.prewarm(watched(options, enforced));
    return {
      // It may have waited long, and the policy have changed meanwhile.
      take: async (cwd, model) => {
        await enforced.demand();
        return spare.take(cwd, model);
      },
      discard: () => spare.discard(),
    };
  },
  live: () => runtime.live(),
  describe: () => runtime.describe(),
});
