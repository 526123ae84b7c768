import { randomUUID } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import type { HttpEnv } from '../env.ts';

/** What may be taken over: it stands in logs and answers. */
const PLAIN = /^[\w-]{1,64}$/;

/** Gives each request an id, its own or the caller's `X-Request-Id`, and shows it on the answer. */
export const requestId = createMiddleware<HttpEnv>(async (c, next) => {
  const given = c.req.header('X-Request-Id');
  const id = given !== undefined && PLAIN.test(given) ? given : randomUUID();
  c.set('requestId', id);
  c.res.headers.set('X-Request-Id', id);
  await next();
});
