import { Hono } from 'hono';
import type { HttpDeps } from './deps.ts';
import type { HttpEnv } from './env.ts';

/** `/live` and `/ready`, for everyone: they tell nothing but whether the server takes requests, and which one it is. */
export const createHealthRoutes = ({ ready, instance }: HttpDeps): Hono<HttpEnv> =>
  new Hono<HttpEnv>()
    .get('/live', (c) => c.json({ status: 'live' }))
    .get('/ready', (c) =>
      ready() ? c.json({ status: 'ready', instance }) : c.json({ status: 'stopping', instance }, 503),
    );
