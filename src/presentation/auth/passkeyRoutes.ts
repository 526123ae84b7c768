import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { HttpEnv } from '../http/env.ts';
import {
  ceremonyAnswerSchema,
  passkeyInputSchema,
  passkeyRowSchema,
  passkeysAnswerSchema,
  passkeyToWire,
  passphraseInputSchema,
} from '../wire/session.ts';
import { jsonAnswer, jsonBodyOf, problem } from './openApi.ts';
import { type AuthDeps, personsSession } from './session.ts';

const tags = ['auth'];
const unauthorized = problem('No session, or the passphrase is wrong.');
const forbidden = problem('The session is not a person’s.');

const list = createRoute({
  method: 'get',
  path: '/auth/passkeys',
  operationId: 'listPasskeys',
  tags,
  summary: 'The person’s passkeys, oldest first',
  responses: { 200: jsonAnswer('The passkeys.', passkeysAnswerSchema), 401: unauthorized, 403: forbidden },
});

const begin = createRoute({
  method: 'post',
  path: '/auth/passkeys/options',
  operationId: 'beginPasskey',
  tags,
  summary: 'Begin to add a passkey',
  request: { body: jsonBodyOf(passphraseInputSchema) },
  responses: {
    200: jsonAnswer('Options for the browser, good for five minutes.', ceremonyAnswerSchema),
    401: unauthorized,
    403: forbidden,
  },
});

const add = createRoute({
  method: 'post',
  path: '/auth/passkeys',
  operationId: 'addPasskey',
  tags,
  summary: 'Add the passkey that was begun',
  request: { body: jsonBodyOf(passkeyInputSchema) },
  responses: {
    201: jsonAnswer('The passkey.', passkeyRowSchema),
    400: problem('The response is not right.'),
    401: unauthorized,
    403: forbidden,
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/auth/passkeys/{id}',
  operationId: 'removePasskey',
  tags,
  summary: 'Remove a passkey; other sessions that passkeys opened end with it',
  request: {
    params: z.object({ id: z.string().min(1).max(2048) }),
    body: jsonBodyOf(passphraseInputSchema),
  },
  responses: {
    204: { description: 'It is gone.' },
    401: unauthorized,
    403: forbidden,
    404: problem('There is no such passkey.'),
  },
});

/** The person's passkeys: all of it for a person's session alone, changes only with the passphrase. */
export const mountPasskeyRoutes = (app: OpenAPIHono<HttpEnv>, deps: AuthDeps): void => {
  const { passkeys } = deps.access;
  app.openapi(list, async (c) => {
    const { session } = await personsSession(c, deps);
    return c.json({ passkeys: (await passkeys.list(session)).map(passkeyToWire) }, 200);
  });
  app.openapi(begin, async (c) => {
    const { session } = await personsSession(c, deps);
    return c.json(await passkeys.begin(session, c.req.valid('json').passphrase), 200);
  });
  app.openapi(add, async (c) => {
    const { session } = await personsSession(c, deps);
    const { flow, label, response } = c.req.valid('json');
    return c.json(passkeyToWire(await passkeys.add(session, flow, label, response)), 201);
  });
  app.openapi(remove, async (c) => {
    const { session, secret } = await personsSession(c, deps);
    await passkeys.remove(session, secret, c.req.valid('param').id, c.req.valid('json').passphrase);
    await deps.streams.endSpent(session.principal);
    return c.body(null, 204);
  });
};
