import type { Context } from 'hono';
import type { Identity } from '../../application/access/access.ts';
import type { AuditFeed } from '../../application/auditing/feed.ts';
import { AuthenticationError, ForbiddenError, RateLimitError } from '../../domain/errors/index.ts';
import type { HttpEnv } from './env.ts';
import { HttpRefusal } from './refusal.ts';

/** A mistake rather than a try: an unknown path, a method or a form that a path does not have. */
const MISTAKES = new Set([404, 405, 406]);
/** Who signs in or decides there is audited by whoever knows more. */
const TOLD_ELSEWHERE = /^\/api\/v1\/(auth|approvals)\//;

const gaveOne = (c: Context<HttpEnv>): boolean =>
  c.req.header('Authorization') !== undefined || c.req.header('X-API-Key') !== undefined;

/**
 * Audits a request that was refused: for its host, origin, body or form, for how often it came, for a credential that
 * is none, for what its principal may not do. What is missing alone (a page that asks before somebody signs in) is no try.
 */
export const auditRefusal = (
  feed: AuditFeed,
  c: Context<HttpEnv>,
  shown: { readonly method: string; readonly path: string; readonly address: string },
): void => {
  const { error } = c;
  const status = c.res.status;
  const detail = { status, ...shown };
  const identity: Identity | undefined = c.get('identity');
  const actor = identity?.principal.id ?? 'unknown';
  if (error instanceof HttpRefusal && !MISTAKES.has(error.status)) {
    const entry = { type: 'input.hostile', actor, detail: { ...detail, reason: error.message } } as const;
    feed.tellSome(`http ${status}`, entry);
  } else if (error instanceof RateLimitError) {
    feed.tellSome('http 429', { type: 'input.hostile', actor, detail: { ...detail, reason: error.message } });
  } else if (TOLD_ELSEWHERE.test(c.req.path)) {
    return;
  } else if (error instanceof ForbiddenError) {
    // A page of another origin that uses this browser's cookie is stopped before it is anybody.
    const type = identity === undefined ? 'input.hostile' : 'call.refused';
    feed.tellSome(`http ${status} ${actor}`, { type, actor, detail: { ...detail, reason: error.message } });
  } else if (error instanceof AuthenticationError && gaveOne(c)) {
    feed.tellSome('credential', { type: 'login.refused', actor, detail: { ...detail, via: 'header' } });
  }
};
