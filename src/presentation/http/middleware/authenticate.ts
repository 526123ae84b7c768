import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Identity } from '../../../application/access/access.ts';
import { forPrincipal } from '../../../application/access/forPrincipal.ts';
import { localApi } from '../../wire/localApi.ts';
import type { Surroundings } from '../../wire/surroundings.ts';
import type { HttpDeps } from '../deps.ts';
import type { HttpEnv } from '../env.ts';
import { ownApprovals } from '../ownApprovals.ts';
import type { AddressLimits, Door } from './addressLimits.ts';
import { type Credential, credentialOf, unauthenticated } from './credentials.ts';
import { demandOwnPage, isSafe } from './csrf.ts';
import type { PrincipalLimit } from './principalLimit.ts';

export type Gate = {
  readonly deps: HttpDeps;
  readonly addresses: AddressLimits;
  readonly principals: PrincipalLimit;
};

const identify = ({ access }: HttpDeps, { kind, secret }: Credential): Promise<Identity | undefined> => {
  if (secret === '') return Promise.resolve(undefined);
  return kind === 'header' ? access.identify(secret) : access.session(secret);
};

/** Makes the request its principal's, and counts it. */
const admit = async (
  { deps, principals }: Gate,
  c: Context<HttpEnv>,
  identity: Identity,
  credential: Credential,
): Promise<void> => {
  if (credential.kind === 'cookie') demandOwnPage(c, deps.settings);
  const { principal, via, session } = identity;
  const orchestrator = forPrincipal(deps.orchestrator, principal, via, session);
  const approvals = ownApprovals(deps.approvals, { principal, via, session });
  const surroundings: Surroundings = {
    ...deps.approvers,
    publicUrl: deps.settings.publicUrl,
  };
  c.set('identity', identity);
  c.set('credential', credential.kind);
  c.set('stillGood', async () => (await identify(deps, credential))?.principal.id === identity.principal.id);
  c.set('orchestrator', orchestrator);
  c.set('approvals', approvals);
  c.set('surroundings', surroundings);
  c.set('api', localApi(orchestrator, surroundings));
  await principals(c, identity.limitKey);
};

/**
 * Lets in who has a good credential, with everything behind it narrowed to that principal.
 * @throws AuthenticationError (401), the same for every reason; RateLimitError (429).
 */
export const authenticate = (gate: Gate) =>
  createMiddleware<HttpEnv>(async (c, next) => {
    const credential = credentialOf(c);
    const address = c.get('clientAddress');
    const identity = credential && (await identify(gate.deps, credential));
    if (credential === undefined || identity === undefined) {
      // A browser whose session is over asks a few times more: that is no guess, and must not stop its next login.
      if (credential?.kind === 'header') await gate.addresses.failed(address);
      else await gate.addresses.anonymous(address);
      throw unauthenticated();
    }
    await admit(gate, c, identity, credential);
    await next();
  });

/**
 * For the routes by which one signs in: a good credential makes the request its principal's, and whatever others
 * did at its address does not hold it up. Without one they are open, and a secret that can be tried there has its
 * own count of wrong ones.
 */
export const authenticateIfGiven = (gate: Gate) =>
  createMiddleware<HttpEnv>(async (c, next) => {
    const { addresses, deps } = gate;
    const credential = credentialOf(c);
    const address = c.get('clientAddress');
    const identity = credential && (await identify(deps, credential));
    if (credential !== undefined && identity !== undefined) {
      await admit(gate, c, identity, credential);
      return next();
    }
    if (credential?.kind === 'header') {
      await addresses.failed(address);
      throw unauthenticated();
    }
    const door = doorOf(c);
    if (door === undefined) {
      await addresses.signIn(address);
      return next();
    }
    await addresses.demandGuess(address, door);
    await next();
    if (isWrongGuess(c.res.status)) await addresses.guessed(address, door);
  });

const DOORS: ReadonlyMap<string, Door> = new Map([
  ['/api/v1/auth/login/passphrase', 'passphrase'],
  ['/api/v1/auth/login/key', 'key'],
]);

/** What a request tries by a secret that it carries; a passkey's proof answers a challenge and cannot be guessed. */
const doorOf = (c: Context<HttpEnv>): Door | undefined =>
  isSafe(c.req.method) ? undefined : DOORS.get(c.req.path);

/** Also what is no login at all: it would be free else. 429 was counted by who answered it. */
const isWrongGuess = (status: number): boolean => status >= 400 && status < 500 && status !== 429;
