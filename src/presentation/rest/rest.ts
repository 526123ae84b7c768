import { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpDeps } from '../http/deps.ts';
import type { HttpEnv } from '../http/env.ts';
import { allEventRoutes } from './allEvents.ts';
import { approvalRoutes } from './approvals.ts';
import { auditRoutes } from './audit.ts';
import { jobEventRoutes } from './jobEvents.ts';
import { jobRoutes } from './jobs.ts';
import { jobWaitRoutes } from './jobWait.ts';
import { mountRoutes, type RestApp } from './route.ts';
import { serverRoutes } from './server.ts';
import { submittingRoutes } from './submitting.ts';
import { taskLogRoutes } from './taskLog.ts';

/** Where the routes are only described. */
const NO_AUDIT: NonNullable<HttpDeps['audit']> = { read: async () => [] };

/**
 * The REST API without sessions and keys, to be mounted at `/api/v1` behind `authenticate`. What a route throws
 * is for the `onError` of the app that it is mounted in.
 */
export const createRestRoutes = ({
  streams,
  clock,
  audit = NO_AUDIT,
}: Pick<HttpDeps, 'streams' | 'clock' | 'audit'>): RestApp => {
  const app = new OpenAPIHono<HttpEnv>();
  mountRoutes(app, [
    ...submittingRoutes,
    ...jobRoutes(),
    ...jobWaitRoutes(streams),
    ...jobEventRoutes(streams),
    ...taskLogRoutes(streams),
    ...approvalRoutes,
    ...serverRoutes(clock),
    ...auditRoutes(audit),
    ...allEventRoutes(streams, clock),
  ]);
  return app;
};
