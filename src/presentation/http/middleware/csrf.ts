import type { Context } from 'hono';
import { ForbiddenError } from '../../../domain/errors/index.ts';
import type { HttpSettings } from '../deps.ts';
import type { HttpEnv } from '../env.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

export const isSafe = (method: string): boolean => SAFE.has(method);

/**
 * A cookie goes along whoever made the browser ask. So what changes something must be shown to come from a page
 * of the server's own.
 * @throws ForbiddenError (403)
 */
export const demandOwnPage = (c: Context<HttpEnv>, settings: HttpSettings): void => {
  if (isSafe(c.req.method)) return;
  const origin = c.req.header('Origin');
  const own =
    origin === undefined
      ? c.req.header('Sec-Fetch-Site') === 'same-origin'
      : settings.ownOrigins.includes(origin);
  if (own) return;
  throw new ForbiddenError('A session may change things only from the dashboard itself.', {
    hint: 'Use an API key outside the browser.',
  });
};
