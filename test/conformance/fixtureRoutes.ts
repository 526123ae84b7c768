import { createMcpHandler, type McpServer } from '@modelcontextprotocol/server';
import { Hono } from 'hono';
import type { HttpDeps } from '../../src/presentation/http/deps.ts';
import type { HttpEnv } from '../../src/presentation/http/env.ts';
import { admit } from '../../src/presentation/mcp/http/admit.ts';
import { createMcpConnection } from '../../src/presentation/mcp/server.ts';
import { registerFixturePrompts, registerFixtureResources } from './fixtureResources.ts';
import { registerFixtureTools } from './fixtureTools.ts';

/** The face's own server with the suite's fixtures beside its tools, behind the face's own door. */
export const createFixtureRoutes = ({ version }: HttpDeps): Hono<HttpEnv> =>
  new Hono<HttpEnv>().all('/', async (c) => {
    const admission = await admit(c.req.raw);
    if (admission.kind === 'answer') return admission.response;
    const factory = (era: 'legacy' | 'modern'): McpServer => {
      const updates = era === 'modern' ? 'elsewhere' : 'never';
      const { server } = createMcpConnection(async () => c.get('api'), { version, era, updates });
      registerFixtureTools(server);
      registerFixtureResources(server);
      registerFixturePrompts(server);
      return server;
    };
    const { message } = admission;
    return createMcpHandler(({ era }) => factory(era)).fetch(
      c.req.raw,
      message === undefined ? {} : { parsedBody: message },
    );
  });
