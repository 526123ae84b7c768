/** Milliseconds before the first byte of an answer: fixed, or drawn anew for each request. */
export type Latency = number | (() => number);

export const draw = (latency: Latency): number =>
  Math.max(0, typeof latency === 'number' ? latency : latency());

/**
 * A distribution with a long tail, as model APIs have: most answers near `medianMs`, the share `tailShare` of them
 * `tailFactor` times slower.
 * @param random uniform in [0, 1), so that a bench can repeat its draws
 */
export const longTail = (options: {
  readonly medianMs: number;
  readonly tailShare: number;
  readonly tailFactor: number;
  readonly random: () => number;
}): (() => number) => {
  return () => {
    const base = options.medianMs * (0.5 + options.random());
    return options.random() < options.tailShare ? base * options.tailFactor : base;
  };
};

/** A small seeded generator (mulberry32): the same seed gives the same latencies on every machine. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};
