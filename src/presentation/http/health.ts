import { Hono } from 'hono';
import type { HttpDeps } from './deps.ts';
import type { HttpEnv } from './env.ts';

/** What a caller may ask to be proved; nothing longer is hashed for it. */
const CHALLENGE = /^[0-9a-f]{32,64}$/;

/**
 * `/live` and `/ready`, for everyone: they tell nothing but whether the server takes requests, and to who sends a
 * challenge, which server it is.
 */
export const createHealthRoutes = ({ ready, prove }: HttpDeps): Hono<HttpEnv> =>
  new Hono<HttpEnv>()
    .get('/live', (c) => c.json({ status: 'live' }))
    .get('/ready', (c) => {
      const challenge = c.req.query('challenge');
      const proof = challenge !== undefined && CHALLENGE.test(challenge) ? { proof: prove(challenge) } : {};
      return ready() ? c.json({ status: 'ready', ...proof }) : c.json({ status: 'stopping', ...proof }, 503);
    });
