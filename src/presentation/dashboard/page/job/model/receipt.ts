/** What a job took, as far as its receipt says it; the receipt's fields are read one by one. */
export type ReceiptFacts = {
  readonly wallSeconds?: number;
  readonly workerSeconds?: number;
  readonly speedup?: number;
  readonly utilization?: number;
  readonly lanes?: number;
  readonly costUsd?: number;
  readonly tokens?: number;
  readonly catches?: number;
  readonly repairs?: number;
  readonly retries?: number;
  readonly conflicts?: number;
  readonly heldBack?: number;
  readonly refusals?: number;
  readonly criticalPathSeconds?: number;
  readonly predictedSeconds?: number;
  readonly predictedUsd?: number;
};

type Bag = Readonly<Record<string, unknown>>;

const numberIn = (bag: Bag, field: string): number | undefined => {
  const value = bag[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

const bagIn = (bag: Bag, field: string): Bag => {
  const value = bag[field];
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
};

export const receiptFacts = (receipt: Bag): ReceiptFacts => {
  const tokens = bagIn(receipt, 'tokens');
  const estimate = bagIn(receipt, 'estimate');
  const spent = ['input', 'output', 'cache_read', 'cache_write'].map((field) => numberIn(tokens, field) ?? 0);
  return {
    wallSeconds: numberIn(receipt, 'wall_seconds'),
    workerSeconds: numberIn(receipt, 'worker_seconds'),
    speedup: numberIn(receipt, 'speedup'),
    utilization: numberIn(receipt, 'utilization'),
    lanes: numberIn(receipt, 'lanes'),
    costUsd: numberIn(receipt, 'cost_usd'),
    tokens: spent.reduce((sum, value) => sum + value, 0),
    catches: numberIn(receipt, 'verification_catches'),
    repairs: numberIn(receipt, 'repairs'),
    retries: numberIn(receipt, 'retries'),
    conflicts: numberIn(receipt, 'conflicts'),
    heldBack: numberIn(receipt, 'collisions_held_back'),
    refusals: numberIn(receipt, 'refusals'),
    criticalPathSeconds: numberIn(receipt, 'critical_path_seconds'),
    predictedSeconds: numberIn(estimate, 'critical_path_seconds'),
    predictedUsd: numberIn(estimate, 'cost_usd'),
  };
};
