import type { Hono } from 'hono';
import type { HttpDeps } from '../../src/presentation/http/deps.ts';
import type { HttpEnv } from '../../src/presentation/http/env.ts';
import { createMcpRoutes } from '../../src/presentation/mcp/http.ts';
import { createMcpConnection } from '../../src/presentation/mcp/server.ts';
import { registerFixtureQuestions } from './fixtureQuestions.ts';
import { registerFixturePrompts, registerFixtureResources } from './fixtureResources.ts';
import { registerFixtureTools } from './fixtureTools.ts';

/** The face's own routes and sessions, with the suite's fixtures beside its tools. */
export const createFixtureRoutes = (deps: HttpDeps): Hono<HttpEnv> =>
  createMcpRoutes({
    ...deps,
    connect: (api, options) => {
      const connection = createMcpConnection(api, options);
      registerFixtureTools(connection.server);
      registerFixtureQuestions(connection.server);
      registerFixtureResources(connection.server);
      registerFixturePrompts(connection.server);
      return connection;
    },
  });
