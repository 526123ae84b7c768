/** A second signal gives what is under way so long, milliseconds, and then ends the process. */
const FORCE_MS = 2000;

export type StopSignals = {
  /** Resolves at the first signal. */
  readonly first: Promise<NodeJS.Signals>;
  /** Aborts at the second one: whoever waits for running work waits no longer. */
  readonly impatient: AbortSignal;
};

/** A first signal asks to end gracefully, a second one to end now; two seconds later the process is gone. */
export const stopSignals = (): StopSignals => {
  const first = Promise.withResolvers<NodeJS.Signals>();
  const impatient = new AbortController();
  let count = 0;
  const hear = (signal: NodeJS.Signals): void => {
    count++;
    if (count === 1) first.resolve(signal);
    if (count !== 2) return;
    impatient.abort();
    // Workers die with this process by their namespace, or are found at the next start.
    setTimeout(() => process.exit(1), FORCE_MS).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
  return { first: first.promise, impatient: impatient.signal };
};
