import type { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { HttpEnv } from '../http/env.ts';
import { HttpRefusal } from '../http/refusal.ts';
import { describeRoute } from './document/describeRoute.ts';
import { readBody, readParams, readQuery } from './input.ts';
import type { Route } from './routeShape.ts';

export type RestApp = OpenAPIHono<HttpEnv>;

/** For a route without parameters, or without a body. */
export const none = z.strictObject({});

/** A route that is ready to be mounted, without its types, which differ from route to route. */
export type Mounted = {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly mount: (app: RestApp) => void;
};

const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/**
 * A route and what the document says of it, from one description. Its input is checked before the handler
 * sees it: ids first, then parameters, then the body; whatever is unknown is refused by its name.
 */
export const defineRoute = <P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  route: Route<P, Q, B>,
): Mounted => {
  const { method, path } = route;
  const what = `${method.toUpperCase()} ${path}`;
  return {
    method,
    path,
    mount: (app) => {
      app.openAPIRegistry.registerPath(describeRoute(route));
      app.on(method.toUpperCase(), honoPath(path), async (c) => {
        const params = readParams(what, c, route.params);
        const query = readQuery(what, c, route.query);
        return route.handle(c, { params, query, body: await readBody(what, c, route.body) });
      });
    },
  };
};

/** Mounts routes; other methods at their paths are answered 405. */
export const mountRoutes = (app: RestApp, routes: readonly Mounted[]): void => {
  for (const route of routes) route.mount(app);
  for (const [path, same] of Map.groupBy(routes, (route) => route.path)) {
    const methods = same.map(({ method }) => (method === 'get' ? 'GET, HEAD' : 'POST')).join(', ');
    app.all(honoPath(path), () => {
      throw new HttpRefusal(405, `This path has ${methods} only.`, `Call it by ${methods}.`, {
        Allow: methods,
      });
    });
  }
};
