import { Hono } from 'hono';
import { roleSchema } from '../../domain/principal.ts';
import type { HttpSettings } from '../http/deps.ts';
import type { HttpEnv } from '../http/env.ts';

export type ResourceMetadataOptions = {
  readonly settings: Pick<HttpSettings, 'publicUrl'>;
  /** At least one: without OAuth there is nothing to describe. */
  readonly issuers: readonly string[];
};

const PATH = '/oauth-protected-resource';
const RESOURCE = '/mcp';

/** Where the metadata stand, for the challenge of a 401 (`HttpSettings.resourceMetadata`). */
export const resourceMetadataUrl = (publicUrl: string): string =>
  `${publicUrl}/.well-known${PATH}${RESOURCE}`;

/** RFC 9728: who issues tokens for this server. Mounted at `/.well-known`; everyone may read it. */
export const createResourceMetadataRoutes = ({
  settings,
  issuers,
}: ResourceMetadataOptions): Hono<HttpEnv> => {
  const metadata = () => ({
    resource: `${settings.publicUrl}${RESOURCE}`,
    authorization_servers: issuers,
    bearer_methods_supported: ['header'],
    scopes_supported: roleSchema.options.map((role) => `orchestrator:${role}`),
    resource_name: 'Claude Orchestrator',
  });
  const app = new Hono<HttpEnv>();
  for (const path of [PATH, `${PATH}${RESOURCE}`]) {
    app.get(path, (c) => {
      // The same for everyone, and clients in a browser need it before they have a token.
      c.header('Access-Control-Allow-Origin', '*');
      c.header('Cache-Control', 'public, max-age=3600');
      return c.json(metadata());
    });
  }
  return app;
};
