import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

const TIMEOUT_MS = 5_000;
/** How long metadata are believed, and how long a key that is missing does not ask the issuer again. */
const METADATA_MS = 3_600_000;
const COOLDOWN_MS = 30_000;
/** After a failure: tokens of an issuer that is down must not each cost a request. */
const FAILURE_MS = 10_000;

const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.string() });

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** True where nobody on the way can change what the issuer says. */
export const isTrustworthy = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));

export const sameIssuer = (a: string, b: string): boolean => a.replace(/\/$/, '') === b.replace(/\/$/, '');

/** Where RFC 8414 and OpenID Connect put an issuer's metadata, in the order in which they are tried. */
export const metadataUrls = (issuer: string): readonly string[] => {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    ...new Set([
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}/.well-known/openid-configuration${path}`,
      `${origin}${path}/.well-known/openid-configuration`,
    ]),
  ];
};

const discover = async (issuer: string): Promise<JWTVerifyGetKey> => {
  for (const url of metadataUrls(issuer)) {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) {
      await response.body?.cancel();
      continue;
    }
    const metadata = metadataSchema.parse(await response.json());
    const keys = new URL(metadata.jwks_uri);
    if (!sameIssuer(metadata.issuer, issuer)) throw new Error(`${url} speaks for another issuer`);
    if (!isTrustworthy(keys)) throw new Error('the keys of the issuer are not behind https');
    return createRemoteJWKSet(keys, { timeoutDuration: TIMEOUT_MS, cooldownDuration: COOLDOWN_MS });
  }
  throw new Error('the issuer has no metadata');
};

/** One issuer's keys: found by discovery at first need, then kept. */
export const issuerKeys = (issuer: string, now: () => number): (() => Promise<JWTVerifyGetKey>) => {
  let found: Promise<JWTVerifyGetKey> | undefined;
  let until = 0;
  return () => {
    if (found !== undefined && now() < until) return found;
    const asked = discover(issuer);
    found = asked;
    until = now() + METADATA_MS;
    asked.catch(() => {
      until = now() + FAILURE_MS;
    });
    return asked;
  };
};
