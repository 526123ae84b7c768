import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { HttpEnv } from '../http/env.ts';
import { unauthenticated } from '../http/middleware/credentials.ts';
import {
  ceremonyAnswerSchema,
  keyLoginInputSchema,
  passkeyLoginInputSchema,
  passphraseInputSchema,
  sessionAnswerSchema,
} from '../wire/session.ts';
import { jsonAnswer, jsonBodyOf, problem } from './openApi.ts';
import { type AuthDeps, currentSession, enter, leave, sessionAnswer } from './session.ts';

const tags = ['auth'];
const security: Record<string, string[]>[] = [];
const refused = problem('The proof is not good; the answer does not say why.');
const opened = jsonAnswer('The session, with its cookie.', sessionAnswerSchema);

const get = createRoute({
  method: 'get',
  path: '/auth/session',
  operationId: 'getSession',
  tags,
  summary: 'Who this browser is signed in as',
  responses: {
    200: jsonAnswer('The session.', sessionAnswerSchema),
    401: problem('No session.'),
  },
});

const byPassphrase = createRoute({
  method: 'post',
  path: '/auth/login/passphrase',
  operationId: 'loginByPassphrase',
  tags,
  security,
  summary: 'Sign in as the person, by the passphrase',
  request: { body: jsonBodyOf(passphraseInputSchema) },
  responses: {
    200: opened,
    401: refused,
    429: problem('Five wrong tries in ten minutes, whoever made them.'),
  },
});

const byKey = createRoute({
  method: 'post',
  path: '/auth/login/key',
  operationId: 'loginByKey',
  tags,
  security,
  summary: 'Sign a browser in as an API key',
  request: { body: jsonBodyOf(keyLoginInputSchema) },
  responses: { 200: opened, 401: refused },
});

const beginPasskey = createRoute({
  method: 'post',
  path: '/auth/passkey/login/options',
  operationId: 'beginPasskeyLogin',
  tags,
  security,
  summary: 'Begin to sign in by a passkey',
  responses: { 200: jsonAnswer('Options for the browser, good for five minutes.', ceremonyAnswerSchema) },
});

const byPasskey = createRoute({
  method: 'post',
  path: '/auth/passkey/login',
  operationId: 'loginByPasskey',
  tags,
  security,
  summary: 'Sign in as the person, by a passkey',
  request: { body: jsonBodyOf(passkeyLoginInputSchema) },
  responses: { 200: opened, 401: refused },
});

const logout = createRoute({
  method: 'post',
  path: '/auth/logout',
  operationId: 'logout',
  tags,
  security,
  summary: 'End the session of this browser',
  responses: { 204: { description: 'There is no session any more.' } },
});

/** The session, the ways into it, and out. */
export const mountSessionRoutes = (app: OpenAPIHono<HttpEnv>, deps: AuthDeps): void => {
  const { logins } = deps.access;
  app.openapi(get, async (c) => {
    const open = await currentSession(c, deps);
    if (open === undefined) throw unauthenticated();
    return c.json(await sessionAnswer(open.session, deps), 200);
  });
  app.openapi(byPassphrase, async (c) => {
    const made = await logins.byPassphrase(c.req.valid('json').passphrase);
    await enter(c, deps, made);
    return c.json(await sessionAnswer(made.session, deps), 200);
  });
  app.openapi(byKey, async (c) => {
    const made = await logins.byKey(c.req.valid('json').api_key);
    await enter(c, deps, made);
    return c.json(await sessionAnswer(made.session, deps), 200);
  });
  app.openapi(beginPasskey, async (c) => c.json(await logins.beginPasskey(), 200));
  app.openapi(byPasskey, async (c) => {
    const { flow, response } = c.req.valid('json');
    const made = await logins.byPasskey(flow, response);
    await enter(c, deps, made);
    return c.json(await sessionAnswer(made.session, deps), 200);
  });
  app.openapi(logout, async (c) => {
    await leave(c, deps);
    return c.body(null, 204);
  });
};
