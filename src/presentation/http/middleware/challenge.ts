import { createMiddleware } from 'hono/factory';
import type { HttpSettings } from '../deps.ts';
import type { HttpEnv } from '../env.ts';

/** Every 401 says how to authenticate, and where OAuth is set up, who issues tokens. */
export const challenge = ({ resourceMetadata }: HttpSettings) => {
  const value = [
    'Bearer realm="claude-orchestrator"',
    ...(resourceMetadata === undefined ? [] : [`resource_metadata="${resourceMetadata}"`]),
  ].join(', ');
  return createMiddleware<HttpEnv>(async (c, next) => {
    await next();
    if (c.res.status === 401) c.res.headers.set('WWW-Authenticate', value);
  });
};
