import {
  ExponentialBackoff,
  handleWhen,
  type IBackoff,
  type IBackoffFactory,
  type IRetryBackoffContext,
  retry,
} from 'cockatiel';
import { OrchestratorError, RateLimitError, WorkerCrashError } from '../../../domain/errors/index.ts';

/** Tries after the first, by the kind of failure. A crash is tried once: twice dead is a cause, not a chance. */
const RETRIES = { crash: 1, transient: 3 } as const;

type Context = IRetryBackoffContext<unknown>;

/** Exponential with decorrelated jitter (cockatiel's default), and never sooner than a rate limit asks for. */
const jittered = (inner: IBackoffFactory<unknown>, context: Context): IBackoff<Context> => {
  const step = inner.next(context);
  const error = 'error' in context.result ? context.result.error : undefined;
  const asked = error instanceof RateLimitError ? (error.retryAfterMs ?? 0) : 0;
  return { duration: Math.max(asked, step.duration), next: (later) => jittered(step, later) };
};

/**
 * Runs `attempt` again while its error says that a retry helps.
 * `onRetry` hears of each failure that is followed by another try, with the delay in milliseconds.
 * @throws the last error, or the signal's reason.
 */
export const withRetries = async <T>(
  signal: AbortSignal,
  attempt: () => Promise<T>,
  onRetry: (error: OrchestratorError, delayMs: number) => void,
): Promise<T> => {
  const seen: Error[] = [];
  const count = (crash: boolean): number =>
    seen.filter((error) => error instanceof WorkerCrashError === crash).length;
  const worthIt = (error: unknown): boolean => {
    if (signal.aborted || !(error instanceof OrchestratorError) || !error.retryable) return false;
    const crash = error instanceof WorkerCrashError;
    return count(crash) <= (crash ? RETRIES.crash : RETRIES.transient);
  };
  const policy = retry(handleWhen(worthIt), {
    maxAttempts: RETRIES.crash + RETRIES.transient,
    backoff: {
      next: (context: Context) =>
        jittered(new ExponentialBackoff({ initialDelay: 500, maxDelay: 20_000 }), context),
    },
  });
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => undefined);
  let waiting = false;
  policy.onRetry((event) => {
    waiting = true;
    if ('error' in event && event.error instanceof OrchestratorError) onRetry(event.error, event.delay);
  });
  // The library sleeps through an abort; an attempt that runs ends by itself, and tidies up as it does.
  const stop = (): void => {
    if (waiting) aborted.reject(signal.reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  const tries = policy.execute(async () => {
    waiting = false;
    if (seen.length > 0) signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof Error) seen.push(error);
      throw error;
    }
  }, signal);
  return Promise.race([tries, aborted.promise]).finally(() => signal.removeEventListener('abort', stop));
};
