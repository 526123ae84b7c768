import type { Context } from 'hono';
import type { HttpSettings } from '../deps.ts';
import type { HttpEnv } from '../env.ts';
import { MinuteLimit, tooMany, WINDOW_SECONDS } from './limits.ts';

/**
 * Counts a request of a principal, whatever face and header it came by, and tells how it stands in `RateLimit-*`.
 * A principal without a limit key is not counted.
 */
export type PrincipalLimit = (c: Context<HttpEnv>, limitKey: string | undefined) => Promise<void>;

/** @throws RateLimitError (429) from the returned function. */
export const principalLimit = ({ rateLimit }: HttpSettings): PrincipalLimit => {
  if (rateLimit === 0) return async () => {};
  const requests = new MinuteLimit(rateLimit);
  return async (c, limitKey) => {
    if (limitKey === undefined) return;
    const { limit, remaining, resetMs, over } = await requests.take(limitKey);
    const { headers } = c.res;
    headers.set('RateLimit-Policy', `${limit};w=${WINDOW_SECONDS}`);
    headers.set('RateLimit-Limit', String(limit));
    headers.set('RateLimit-Remaining', String(remaining));
    headers.set('RateLimit-Reset', String(Math.ceil(resetMs / 1000)));
    if (over) throw tooMany('requests in this minute', resetMs);
  };
};
