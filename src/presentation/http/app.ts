import { type Context, Hono } from 'hono';
import type { HttpDeps } from './deps.ts';
import type { HttpEnv } from './env.ts';
import { answerThrown, problemResponse } from './errors.ts';
import { createHealthRoutes } from './health.ts';
import { demandAcceptable } from './middleware/accept.ts';
import { accessLog } from './middleware/accessLog.ts';
import { AddressLimits } from './middleware/addressLimits.ts';
import { authenticate, authenticateIfGiven, type Gate } from './middleware/authenticate.ts';
import { catchAll } from './middleware/catchAll.ts';
import { challenge } from './middleware/challenge.ts';
import { clientAddress } from './middleware/clientAddress.ts';
import { hostCheck } from './middleware/hostCheck.ts';
import { jsonBody, MAX_AUTH_BODY_BYTES } from './middleware/jsonBody.ts';
import { corsForListed, originCheck } from './middleware/originCheck.ts';
import { principalLimit } from './middleware/principalLimit.ts';
import { requestId } from './middleware/requestId.ts';
import { noStore, securityHeaders } from './middleware/securityHeaders.ts';
import { StrangersBodies } from './middleware/strangersBodies.ts';
import { HttpRefusal } from './refusal.ts';

export type HttpParts = {
  /** Mounted at `/api/v1`; every route has `identity`, `orchestrator` and `api`. */
  readonly rest: Hono<HttpEnv>;
  /** Mounted at `/mcp`; as `rest`. */
  readonly mcp: Hono<HttpEnv>;
  /**
   * Mounted at `/api/v1` with all its paths under `/auth/`: open to who has no credential, so that `identity` may
   * be missing. Logins by a secret that are refused count as wrong guesses of the address.
   */
  readonly auth: Hono<HttpEnv>;
  /** The dashboard's files, mounted at `/` behind everything else; open to everyone. */
  readonly page: Hono<HttpEnv>;
  /** The reference of the API, mounted at `/api`; open to everyone. */
  readonly docs?: Hono<HttpEnv>;
  /** Mounted at `/.well-known`; open to everyone. */
  readonly wellKnown?: Hono<HttpEnv>;
};

const NOT_PAGES = ['/api', '/api/*', '/mcp/*', '/health', '/health/*', '/.well-known/*'] as const;

const unknownPath = () =>
  new HttpRefusal(404, 'There is nothing at this path.', 'See /api/docs for what there is.');

/**
 * Everything that the server answers over HTTP. Each request is checked from the outside in: is it for this
 * server, does it come from a page that may, who asks, how often, and is its body one.
 */
export const createHttpApp = (deps: HttpDeps, parts: HttpParts): Hono<HttpEnv> => {
  const { settings, logger } = deps;
  const gate: Gate = { deps, addresses: new AddressLimits(), principals: principalLimit(settings) };
  const answer = answerThrown(logger);
  const app = new Hono<HttpEnv>();

  app.onError(answer);
  app.notFound((c: Context<HttpEnv>) => problemResponse(c, unknownPath()));
  app.use(
    requestId,
    clientAddress(settings),
    accessLog(deps),
    securityHeaders(settings),
    noStore,
    challenge(settings),
    catchAll(answer),
    hostCheck(settings),
    originCheck(settings),
    corsForListed(settings),
  );

  app.route('/health', createHealthRoutes(deps));
  if (parts.wellKnown) app.route('/.well-known', parts.wellKnown);
  if (parts.docs) app.route('/api', parts.docs);

  app.use('/api/v1/*', demandAcceptable);
  app.use('/api/v1/auth/*', authenticateIfGiven(gate), jsonBody(MAX_AUTH_BODY_BYTES, new StrangersBodies()));
  app.route('/api/v1', parts.auth);
  app.use('/api/v1/*', authenticate(gate), jsonBody());
  app.route('/api/v1', parts.rest);

  app.use('/mcp', authenticate(gate), jsonBody());
  app.route('/mcp', parts.mcp);
  // The page answers every path that could be one of its own views; these never are.
  for (const path of NOT_PAGES) app.all(path, () => Promise.reject(unknownPath()));
  app.route('/', parts.page);
  return app;
};
