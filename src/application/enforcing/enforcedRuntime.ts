import type { WorkerRuntime } from '../ports/worker.ts';
import type { Enforced } from './enforcement.ts';

/** Workers that start only while it is proven that the gate holds for them. */
export const enforcedRuntime = (runtime: WorkerRuntime, enforced: Enforced): WorkerRuntime => ({
  open: async (options) => {
    await enforced.demand();
    return runtime.open(options);
  },
  prewarm: async (options) => {
    await enforced.demand();
    const spare = await runtime.prewarm(options);
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
