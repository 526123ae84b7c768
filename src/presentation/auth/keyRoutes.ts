import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { keyPrincipal } from '../../application/access/apiKeys.ts';
import type { AccessControl } from '../../application/access/createAccess.ts';
import type { HttpEnv } from '../http/env.ts';
import type { OpenStreams } from '../http/openStreams.ts';
import {
  createKeyInputSchema,
  keyIdField,
  keyListAnswerSchema,
  keyRowSchema,
  keyToWire,
  newKeySchema,
  newKeyToWire,
  rotateKeyInputSchema,
} from '../wire/keys.ts';
import { documentedApp, jsonAnswer, jsonBodyOf, problem } from './openApi.ts';

const tags = ['keys'];
const params = z.object({ id: keyIdField });
const forbidden = problem('The credential is not an admin’s.');
const unknown = problem('There is no such key.');

const list = createRoute({
  method: 'get',
  path: '/keys',
  operationId: 'listKeys',
  tags,
  summary: 'All keys, newest first, the revoked ones too',
  responses: { 200: jsonAnswer('The keys, without their secrets.', keyListAnswerSchema), 403: forbidden },
});

const create = createRoute({
  method: 'post',
  path: '/keys',
  operationId: 'createKey',
  tags,
  summary: 'Make a key',
  request: { body: jsonBodyOf(createKeyInputSchema) },
  responses: { 201: jsonAnswer('The key, shown this once.', newKeySchema), 403: forbidden },
});

const revoke = createRoute({
  method: 'delete',
  path: '/keys/{id}',
  operationId: 'revokeKey',
  tags,
  summary: 'Revoke a key, at once; browser sessions that it opened end with it',
  request: { params },
  responses: { 200: jsonAnswer('The key as it stands.', keyRowSchema), 403: forbidden, 404: unknown },
});

const rotate = createRoute({
  method: 'post',
  path: '/keys/{id}/rotate',
  operationId: 'rotateKey',
  tags,
  summary: 'Replace a key: same principal, role, label and length of life',
  request: { params, body: { ...jsonBodyOf(rotateKeyInputSchema), required: false } },
  responses: {
    201: jsonAnswer('The new key, shown this once.', newKeySchema),
    403: forbidden,
    404: unknown,
    409: problem('The key is dead, or has a successor.'),
  },
});

/**
 * `/keys`, for admins; mounted behind `authenticate`.
 * @param streams a key that is revoked or replaced hears nothing any more; a successor's streams come back by
 * themselves.
 */
export const createKeyRoutes = (
  access: AccessControl,
  streams: Pick<OpenStreams, 'endOf' | 'endSpent'>,
): OpenAPIHono<HttpEnv> => {
  const app = documentedApp();
  app.openapi(list, async (c) => {
    const keys = await access.keysFor(c.get('identity').principal).list();
    return c.json({ keys: keys.map(keyToWire) }, 200);
  });
  app.openapi(create, async (c) => {
    const { principal } = c.get('identity');
    const { label, role, expires_in_days: expiresInDays } = c.req.valid('json');
    const made = await access.keysFor(principal).create({ label, role, expiresInDays }, principal.id);
    return c.json(newKeyToWire(made), 201);
  });
  app.openapi(revoke, async (c) => {
    const { principal } = c.get('identity');
    const key = await access.keysFor(principal).revoke(c.req.valid('param').id, principal.id);
    streams.endOf(keyPrincipal(key).id);
    return c.json(keyToWire(key), 200);
  });
  app.openapi(rotate, async (c) => {
    const { principal } = c.get('identity');
    const { overlap_seconds = 0 } = c.req.valid('json');
    const keys = access.keysFor(principal);
    const made = await keys.rotate(c.req.valid('param').id, overlap_seconds, principal.id);
    // With an overlap the old key's own streams go on, those of sessions that it opened do not.
    await streams.endSpent(keyPrincipal(made.key).id);
    return c.json(newKeyToWire(made), 201);
  });
  return app;
};
