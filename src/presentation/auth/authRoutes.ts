import type { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpEnv } from '../http/env.ts';
import { mountLinkRoutes } from './linkRoutes.ts';
import { documentedApp } from './openApi.ts';
import { mountPasskeyRoutes } from './passkeyRoutes.ts';
import type { AuthDeps } from './session.ts';
import { mountSessionRoutes } from './sessionRoutes.ts';

/** Everything under `/auth`; mounted behind `authenticateIfGiven`, which also sees to CSRF. */
export const createAuthRoutes = (deps: AuthDeps): OpenAPIHono<HttpEnv> => {
  const app = documentedApp();
  mountSessionRoutes(app, deps);
  mountPasskeyRoutes(app, deps);
  mountLinkRoutes(app, deps);
  return app;
};
