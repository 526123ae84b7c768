import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { z } from 'zod';
import type { HttpEnv } from '../http/env.ts';
import { HttpRefusal } from '../http/refusal.ts';
import type { ComponentName } from './document/components.ts';
import { describeRoute } from './document/describeRoute.ts';
import { readBody, readParams, readQuery } from './input.ts';

export type RestContext = Context<HttpEnv>;
export type RestApp = OpenAPIHono<HttpEnv>;

/** For a route without parameters, or without a body. */
export const none = z.strictObject({});

/** What one media type of an answer holds: a component, or text with an example of it. */
export type AnswerBody =
  | { readonly schema: ComponentName }
  | { readonly text: string; readonly example: string };

export type Answer = {
  readonly description: string;
  /** Headers that say something, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** By media type. */
  readonly content?: Readonly<Record<string, AnswerBody>>;
};

export type Route<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> = {
  readonly method: 'get' | 'post';
  /** Below `/api/v1`, parameters as `{name}`. */
  readonly path: string;
  /** The operation's id. */
  readonly id: string;
  readonly tag: 'jobs' | 'tasks' | 'server';
  readonly summary: string;
  readonly description: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The component that describes the body. */
  readonly bodyName?: ComponentName;
  /** Request headers that say something, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses of problems besides those that every call can have. */
  readonly problems?: readonly number[];
  readonly handle: (
    c: RestContext,
    input: { readonly params: z.output<P>; readonly query: z.output<Q>; readonly body: z.output<B> },
  ) => Response | Promise<Response>;
};

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
