import { createMiddleware } from 'hono/factory';
import { secureHeaders } from 'hono/secure-headers';
import type { HttpSettings } from '../deps.ts';
import type { HttpEnv } from '../env.ts';

const YEAR = 31_536_000;

/**
 * Headers that keep browsers from misusing an answer. A route may set a Content-Security-Policy or a
 * Cache-Control of its own; without one nothing is stored.
 */
export const securityHeaders = (settings: HttpSettings) =>
  secureHeaders({
    overwrite: false,
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      objectSrc: ["'none'"],
    },
    xFrameOptions: 'DENY',
    // Only over TLS: browsers ignore it elsewhere, and a plain loopback name must not be pinned to https.
    strictTransportSecurity: settings.publicUrl.startsWith('https:') ? `max-age=${YEAR}` : false,
  });

export const noStore = createMiddleware<HttpEnv>(async (c, next) => {
  await next();
  if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store');
});
