import { createHash } from 'node:crypto';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { AccessTokens } from '../../application/access/ports.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Clock } from '../../application/ports/system.ts';
import { ConfigurationError } from '../../domain/errors/index.ts';
import { principalIdSchema, type Role, roleSchema } from '../../domain/principal.ts';
import { issuerKeys, isTrustworthy, sameIssuer } from './issuerKeys.ts';

/** Signatures by a key pair alone: `none` and shared secrets (HS…) are no proof of the issuer. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const MAX_TOKEN = 16_384;
const CLOCK_TOLERANCE_SECONDS = 5;
const FORM = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;
const SCOPE = /^orchestrator:(.+)$/;

const words = z.string().transform((text) => text.split(' '));
/** `scope` is RFC 8693's; `scp` is what some issuers write, as text or as a list. */
const claimsSchema = z.object({
  sub: z.string().min(1).max(1000),
  iss: z.string(),
  scope: words.optional(),
  scp: words.or(z.array(z.string())).optional(),
});

export const rolesOf = (scopes: readonly string[]): readonly Role[] => [
  ...new Set(
    scopes.flatMap((scope) => {
      const role = roleSchema.safeParse(SCOPE.exec(scope)?.[1]);
      return role.success ? [role.data] : [];
    }),
  ),
];

export type AccessTokensOptions = {
  /** At least one; https, or http on this machine. */
  readonly issuers: readonly string[];
  /** What `aud` must be; asked each time: the port is known only once the server listens. */
  readonly audience: () => string;
  readonly clock: Clock;
  readonly logger: Logger;
};

/**
 * JWTs of the listed issuers, checked with the keys that each issuer publishes.
 * @throws ConfigurationError where an issuer can be impersonated on the way.
 */
export const createAccessTokens = ({
  issuers,
  audience,
  clock,
  logger,
}: AccessTokensOptions): AccessTokens => {
  for (const issuer of issuers) {
    if (isTrustworthy(new URL(issuer))) continue;
    throw new ConfigurationError(`The OAuth issuer ${issuer} is not behind https.`, {
      hint: 'Set ORCHESTRATOR_OAUTH_ISSUERS to https URLs; http is for issuers on this machine.',
    });
  }
  const known = issuers.map((issuer) => ({ issuer, keys: issuerKeys(issuer, () => clock.now()) }));

  const checked = async (token: string): Promise<JWTPayload | undefined> => {
    const { iss } = decodeJwt(token);
    const from = known.find(({ issuer }) => iss !== undefined && sameIssuer(iss, issuer));
    if (from === undefined || iss === undefined) return undefined;
    const { payload } = await jwtVerify(token, await from.keys(), {
      issuer: iss,
      audience: audience(),
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(clock.now()),
    });
    return payload;
  };

  return {
    verify: async (token) => {
      if (token.length > MAX_TOKEN || !FORM.test(token)) return undefined;
      try {
        const claims = claimsSchema.safeParse(await checked(token));
        if (!claims.success) return undefined;
        const { iss, sub, scope = [], scp = [] } = claims.data;
        const roles = rolesOf([...scope, ...scp]);
        if (roles.length === 0) return undefined;
        const digest = createHash('sha256').update(`${iss}|${sub}`).digest('hex').slice(0, 32);
        return { id: principalIdSchema.parse(`oauth:${digest}`), roles };
      } catch (thrown) {
        // What is wrong with a token is its bearer's affair; an issuer that cannot be asked is ours.
        if (!(thrown instanceof errors.JOSEError) || thrown instanceof errors.JWKSTimeout) {
          logger.warning('SECURITY', 'an OAuth issuer could not be asked', {
            error: thrown instanceof Error ? thrown : new Error(String(thrown)),
          });
        }
        return undefined;
      }
    },
  };
};
