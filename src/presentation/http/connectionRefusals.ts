import { type AuditFeed, noFeed } from '../../application/auditing/feed.ts';
import type { LogFields, Logger } from '../../application/ports/logger.ts';
import type { Clock } from '../../application/ports/system.ts';
import { limitedReports } from '../limitedReports.ts';

/**
 * Logs and audits connections that were refused before they were a request: broken HTTP, too many of them, too slow.
 * @returns what is told the fault's code and the address.
 */
export const connectionRefusals = ({
  logger,
  clock,
  feed = noFeed,
}: {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly feed?: AuditFeed;
}): ((code: string, address: string | undefined) => void) => {
  const report = limitedReports<LogFields>(
    (fields, leftOut) =>
      logger.warning('SECURITY', 'a connection was refused', leftOut === 0 ? fields : { ...fields, leftOut }),
    () => clock.now(),
  );
  return (code, address) => {
    report({ code, address });
    const detail = { reason: code, ...(address === undefined ? {} : { address }) };
    feed.tellSome(`connection ${code}`, { type: 'input.hostile', actor: 'unknown', detail });
  };
};
