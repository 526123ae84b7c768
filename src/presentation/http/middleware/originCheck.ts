import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import type { HttpSettings } from '../deps.ts';
import type { HttpEnv } from '../env.ts';
import { HttpRefusal } from '../refusal.ts';
import { headerValues } from './rawHeaders.ts';

/** Refuses what a page of another origin sends, unless the origin is listed; `null` is no origin of ours. */
export const originCheck = (settings: HttpSettings) => {
  const allowed = new Set([...settings.ownOrigins, ...settings.corsOrigins]);
  return createMiddleware<HttpEnv>(async (c, next) => {
    const given = headerValues(c, 'origin');
    if (given.length > 1 || given.some((origin) => !allowed.has(origin))) {
      throw new HttpRefusal(
        403,
        'Pages of this origin may not call the server.',
        'List the origin in ORCHESTRATOR_CORS_ORIGINS if it should.',
      );
    }
    await next();
  });
};

/** Lets listed origins read answers. Never with credentials: their pages send a key, not this browser's cookie. */
export const corsForListed = (settings: HttpSettings) =>
  cors({
    origin: [...settings.corsOrigins],
    allowMethods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowHeaders: [
      'Accept',
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-None-Match',
      'Last-Event-ID',
      'MCP-Protocol-Version',
      'Mcp-Method',
      'Mcp-Name',
      'Mcp-Session-Id',
      'X-API-Key',
      'X-Request-Id',
    ],
    exposeHeaders: [
      'ETag',
      'Location',
      'Mcp-Session-Id',
      'RateLimit-Limit',
      'RateLimit-Policy',
      'RateLimit-Remaining',
      'RateLimit-Reset',
      'Retry-After',
      'WWW-Authenticate',
      'X-Request-Id',
    ],
    maxAge: 600,
  });
