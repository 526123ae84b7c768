import { createMiddleware } from 'hono/factory';
import type { HttpSettings } from '../deps.ts';
import type { HttpEnv } from '../env.ts';
import { HttpRefusal } from '../refusal.ts';
import { headerValues } from './rawHeaders.ts';

/**
 * Answers only under the names that the server has: a foreign name that leads to this address is a page that
 * wants to act as this server's own (DNS rebinding).
 */
export const hostCheck = (settings: HttpSettings) => {
  const hosts = new Set(settings.hosts.map((host) => host.toLowerCase()));
  return createMiddleware<HttpEnv>(async (c, next) => {
    const given = headerValues(c, 'host');
    const [host] = given;
    if (host === undefined || given.length > 1) {
      throw new HttpRefusal(400, 'The request must have one Host header.', 'Send one Host header.');
    }
    // Its own host would win over the header that was checked.
    if (c.env.incoming.url?.startsWith('/') === false) {
      throw new HttpRefusal(400, 'The request target must be a path.', 'Send the path alone.');
    }
    if (!hosts.has(host.toLowerCase())) {
      throw new HttpRefusal(
        421,
        'The server is not known under this host.',
        'Use the address that the server printed at its start, or set ORCHESTRATOR_PUBLIC_URL.',
      );
    }
    await next();
  });
};
