import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Identity } from '../../../application/access/access.ts';
import { forPrincipal } from '../../../application/access/forPrincipal.ts';
import { localApi } from '../../wire/localApi.ts';
import type { HttpDeps } from '../deps.ts';
import type { HttpEnv } from '../env.ts';
import type { AddressLimits } from './addressLimits.ts';
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
  credential: Credential['kind'],
): Promise<void> => {
  if (credential === 'cookie') demandOwnPage(c, deps.settings);
  const orchestrator = forPrincipal(deps.orchestrator, identity.principal);
  c.set('identity', identity);
  c.set('credential', credential);
  c.set('orchestrator', orchestrator);
  c.set('api', localApi(orchestrator));
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
    await admit(gate, c, identity, credential.kind);
    await next();
  });

/**
 * For the routes by which one signs in: a good credential makes the request its principal's, without one they are
 * open. What they answer with 401 counts as a guess, and an address with too many is not heard.
 */
export const authenticateIfGiven = (gate: Gate) =>
  createMiddleware<HttpEnv>(async (c, next) => {
    const credential = credentialOf(c);
    const address = c.get('clientAddress');
    const identity = credential && (await identify(gate.deps, credential));
    if (credential !== undefined && identity !== undefined) {
      await admit(gate, c, identity, credential.kind);
    } else if (credential?.kind === 'header') {
      await gate.addresses.failed(address);
      throw unauthenticated();
    } else {
      await gate.addresses.anonymous(address);
    }
    const guess = !isSafe(c.req.method);
    if (guess) await gate.addresses.demandGuess(address);
    await next();
    if (guess && c.res.status === 401) await gate.addresses.failed(address);
  });
