import { createHmac } from 'node:crypto';
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import PQueue from 'p-queue';
import type { Notice, Notifier } from '../../application/approving/notices.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Clock } from '../../application/ports/system.ts';
import { failureLog } from './failureLog.ts';
import { messageOf } from './message.ts';

const PATIENCE_MS = 5000;
const TRIES = 3;
const AT_ONCE = 2;
/** Messages that wait for a receiver that is slow; more are dropped, which is logged. */
const MOST_WAITING = 200;

export type WebhookDeps = {
  readonly secret: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Pick<Logger, 'warning'>;
  readonly userAgent: string;
  /** Ends what is under way; nothing is sent after it. */
  readonly signal: AbortSignal;
  /** Milliseconds that one try may take. */
  readonly patienceMs?: number;
  /** Milliseconds before the second try; the third waits twice as long. */
  readonly backoffMs?: number;
};

/** What a receiver said for good: another try would be told the same. */
class Refused extends Error {}

/**
 * `sha256=<hex>` of the HMAC over `<timestamp>.<body>`. A receiver checks it and that the timestamp is of now.
 * @param timestamp seconds since the epoch.
 */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

/**
 * Posts each notice as signed JSON to one address: three tries, five seconds each, no redirects.
 * @param url http or https. Only its host is ever logged: its path may be a secret.
 */
export const webhookNotifier = (url: string, deps: WebhookDeps): Notifier => {
  const { secret, clock, logger, userAgent, signal, patienceMs = PATIENCE_MS, backoffMs = 1000 } = deps;
  const { host } = new URL(url);
  const failed = failureLog(logger, clock, 'the webhook failed');
  const queue = new PQueue({ concurrency: AT_ONCE });
  const tries = retry(
    handleWhen((error) => !(error instanceof Refused)),
    { maxAttempts: TRIES - 1, backoff: new ExponentialBackoff({ initialDelay: backoffMs }) },
  );

  const post = async (body: string): Promise<void> => {
    const timestamp = String(Math.floor(clock.now() / 1000));
    const response = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
      headers: {
        'content-type': 'application/json',
        'user-agent': userAgent,
        'x-orchestrator-timestamp': timestamp,
        'x-orchestrator-signature': signatureOf(secret, timestamp, body),
      },
    });
    await response.body?.cancel();
    if (response.ok) return;
    const why = `${host} answered ${response.status}`;
    // Later it may be well; what it refuses now it refuses again.
    throw response.status >= 500 || response.status === 429 || response.status === 408
      ? new Error(why)
      : new Refused(why);
  };
  const reasonOf = (error: unknown): string => {
    if (error instanceof Refused) return error.message;
    if (error instanceof Error && error.message.startsWith(`${host} answered`)) return error.message;
    return error instanceof Error && error.name === 'TimeoutError'
      ? `${host} gave no answer in ${patienceMs / 1000} s`
      : `${host} cannot be reached`;
  };
  return {
    notify: (notice: Notice) => {
      if (signal.aborted) return;
      if (queue.size >= MOST_WAITING) {
        failed(`${host} is too slow: a message was dropped`);
        return;
      }
      const body = JSON.stringify(messageOf(notice));
      void queue
        .add(() => tries.execute(() => post(body), signal))
        .catch((error: unknown) => {
          if (!signal.aborted) failed(reasonOf(error));
        });
    },
  };
};
