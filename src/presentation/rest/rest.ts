import { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpDeps } from '../http/deps.ts';
import type { HttpEnv } from '../http/env.ts';
import { allEventRoutes } from './allEvents.ts';
import { jobEventRoutes } from './jobEvents.ts';
import { jobRoutes } from './jobs.ts';
import { jobWaitRoutes } from './jobWait.ts';
import { mountRoutes, type RestApp } from './route.ts';
import { serverRoutes } from './server.ts';
import { submittingRoutes } from './submitting.ts';
import { taskLogRoutes } from './taskLog.ts';

/**
 * The REST API without sessions and keys, to be mounted at `/api/v1` behind `authenticate`. What a route throws
 * is for the `onError` of the app that it is mounted in.
 */
export const createRestRoutes = ({ streams, clock }: Pick<HttpDeps, 'streams' | 'clock'>): RestApp => {
  const app = new OpenAPIHono<HttpEnv>();
  mountRoutes(app, [
    ...submittingRoutes,
    ...jobRoutes(),
    ...jobWaitRoutes(streams),
    ...jobEventRoutes(streams),
    ...taskLogRoutes(streams),
    ...serverRoutes(clock),
    ...allEventRoutes(streams, clock),
  ]);
  return app;
};
