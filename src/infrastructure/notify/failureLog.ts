import { floodLimit } from '../../application/floodLimit.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Clock } from '../../application/ports/system.ts';

/**
 * Logs failures of one channel, at most one a minute: a receiver that is down must not fill the log.
 * @param what begins the line: `the webhook failed`.
 */
export const failureLog = (
  logger: Pick<Logger, 'warning'>,
  clock: Pick<Clock, 'now'>,
  what: string,
): ((why: string) => void) => {
  const limit = floodLimit({ most: 1, windowMs: 60_000 }, () => clock.now());
  return (why) => {
    const unsaid = limit.take();
    if (unsaid === undefined) return;
    logger.warning('SYSTEM', what, { why: why.slice(0, 300), ...(unsaid === 0 ? {} : { unsaid }) });
  };
};
