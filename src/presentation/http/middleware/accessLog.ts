import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Identity } from '../../../application/access/access.ts';
import { type AuditFeed, noFeed } from '../../../application/auditing/feed.ts';
import type { LogFields, Logger } from '../../../application/ports/logger.ts';
import type { Clock } from '../../../application/ports/system.ts';
import { limitedReports } from '../../limitedReports.ts';
import { inertLine } from '../../wire/inertText.ts';
import type { HttpEnv } from '../env.ts';
import { auditRefusal } from '../refusalAudit.ts';

/** Answers that a guard gave, or that mean that someone tries. */
const REFUSALS = new Set([400, 401, 403, 413, 415, 421, 429]);

/** Never the query; and the code of a one-time link is a secret in a path. */
const shownPath = (c: Context<HttpEnv>): string =>
  inertLine(c.req.path.replace(/(\/auth\/link\/).+/, '$1…'), 200);

/**
 * One line a request at DEBUG with who asked; refusals at WARNING under SECURITY, twenty a second at most, and in the
 * audit log, fewer still.
 */
export const accessLog = ({
  logger,
  clock,
  feed = noFeed,
}: {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly feed?: AuditFeed;
}) => {
  const refused = limitedReports<LogFields>(
    (fields, leftOut) =>
      logger.warning('SECURITY', 'a request was refused', leftOut === 0 ? fields : { ...fields, leftOut }),
    () => clock.now(),
  );
  return createMiddleware<HttpEnv>(async (c, next) => {
    const began = clock.now();
    await next();
    const identity: Identity | undefined = c.get('identity');
    const { status } = c.res;
    const fields = {
      requestId: c.get('requestId'),
      method: c.req.method,
      path: shownPath(c),
      status,
      address: c.get('clientAddress'),
      ...(identity === undefined ? {} : { principal: identity.principal.id }),
    };
    if (REFUSALS.has(status)) {
      refused(fields);
      auditRefusal(feed, c, fields);
    }
    logger.debug('API', 'request', {
      ...fields,
      performance: { operation: 'http', durationMs: clock.now() - began, success: status < 400 },
    });
  });
};
