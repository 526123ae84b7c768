import { isIP } from 'node:net';
import { createMiddleware } from 'hono/factory';
import type { HttpSettings } from '../deps.ts';
import type { HttpEnv } from '../env.ts';
import { headerValues } from './rawHeaders.ts';

const plain = (address: string): string =>
  address
    .trim()
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .toLowerCase();

/**
 * The address that a request comes from. `X-Forwarded-For` is a claim of whoever sends it: it is read from its
 * end, as long as the one who added the entry is a trusted proxy.
 */
export const clientAddressOf = (
  peer: string,
  forwardedFor: readonly string[],
  trusted: ReadonlySet<string>,
): string => {
  const hops = forwardedFor.join(',').split(',').map(plain);
  let address = plain(peer);
  while (trusted.has(address)) {
    const before = hops.pop();
    if (before === undefined || isIP(before) === 0) break;
    address = before;
  }
  return address;
};

export const clientAddress = (settings: HttpSettings) => {
  const trusted = new Set(settings.trustedProxies.map(plain));
  return createMiddleware<HttpEnv>(async (c, next) => {
    const peer = c.env.incoming.socket.remoteAddress ?? '';
    c.set('clientAddress', clientAddressOf(peer, headerValues(c, 'x-forwarded-for'), trusted));
    await next();
  });
};
