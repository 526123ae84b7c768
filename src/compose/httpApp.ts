import path from 'node:path';
import type { Hono } from 'hono';
import { type AccessControl, createAccess } from '../application/access/createAccess.ts';
import type { PasskeyVerifier } from '../application/access/ports.ts';
import type { Logger } from '../application/ports/logger.ts';
import { createAccessTokens } from '../infrastructure/access/accessTokens.ts';
import { approvalChoiceIn } from '../infrastructure/access/approvalChoice.ts';
import { createPasskeyVerifier } from '../infrastructure/access/passkeyVerifier.ts';
import { createScryptHasher } from '../infrastructure/access/scryptHasher.ts';
import { nodeSecrets } from '../infrastructure/access/secrets.ts';
import type { Config } from '../infrastructure/config/schema.ts';
import { proofOf } from '../infrastructure/daemon/serverFile.ts';
import type { Listener } from '../infrastructure/http/listen.ts';
import { systemClock } from '../infrastructure/system/systemClock.ts';
import { createAuthRoutes } from '../presentation/auth/authRoutes.ts';
import { createKeyRoutes } from '../presentation/auth/keyRoutes.ts';
import { createResourceMetadataRoutes, resourceMetadataUrl } from '../presentation/auth/resourceMetadata.ts';
import { createPageRoutes } from '../presentation/dashboard/serve.ts';
import { createHttpApp } from '../presentation/http/app.ts';
import type { HttpDeps, HttpSettings } from '../presentation/http/deps.ts';
import type { HttpEnv } from '../presentation/http/env.ts';
import type { OpenStreams } from '../presentation/http/openStreams.ts';
import { createMcpRoutes } from '../presentation/mcp/http.ts';
import { createDocsRoutes } from '../presentation/rest/document/docsRoutes.ts';
import { apiDocument } from '../presentation/rest/document/document.ts';
import { createRestRoutes } from '../presentation/rest/rest.ts';
import { appView } from './appView.ts';
import type { Core } from './openCore.ts';

export type HttpAppOptions = {
  readonly config: Config;
  readonly core: Core;
  readonly logger: Logger;
  readonly listener: Listener;
  /** True where `localhost` at this port is this server by every address that it can mean. */
  readonly isLocalhost: boolean;
  readonly streams: OpenStreams;
  /** This user's own token. */
  readonly token: string;
  readonly version: string;
  readonly ready: () => boolean;
};

/** Where people find this server, without a slash at the end. */
export const publicUrlOf = (
  { publicUrl }: Pick<Config, 'publicUrl'>,
  { url }: Pick<Listener, 'url'>,
  isLocalhost: boolean,
): string => {
  const own = new URL(url);
  return publicUrl ?? (isLocalhost ? `${own.protocol}//localhost:${own.port}` : url);
};

/** Names of this machine that a browser and a client may call a server by that listens on loopback. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

const addresses = (
  { publicUrl, host }: Config,
  { url }: Listener,
): Pick<HttpSettings, 'hosts' | 'ownOrigins'> => {
  const own = new URL(url);
  const names = [...LOOPBACK, own.hostname, ...(/^[0:.[\]]+$/.test(host) ? [] : [host])];
  const urls = [
    ...names.map((name) => new URL(`${own.protocol}//${name}:${own.port}`)),
    ...(publicUrl === undefined ? [] : [new URL(publicUrl)]),
  ];
  return {
    hosts: [...new Set(urls.map((each) => each.host))],
    ownOrigins: [...new Set(urls.map((each) => each.origin))],
  };
};

const accessTo = (o: HttpAppOptions, passkeys: PasskeyVerifier, publicUrl: string): AccessControl =>
  createAccess({
    store: o.core.credentials,
    secrets: nodeSecrets,
    passphraseFile: o.core.passphraseFile,
    hasher: createScryptHasher(),
    passkeys,
    tokens:
      o.config.oauthIssuers.length === 0
        ? undefined
        : createAccessTokens({
            issuers: o.config.oauthIssuers,
            audience: () => o.config.oauthAudience ?? `${publicUrl}/mcp`,
            clock: systemClock,
            logger: o.logger,
          }),
    localToken: o.token,
    clock: systemClock,
    logger: o.logger,
    audit: o.core.feed,
  });

/** Puts every face together behind one port. */
export const httpApp = (o: HttpAppOptions): Hono<HttpEnv> => {
  const { config, listener } = o;
  const publicUrl = publicUrlOf(config, listener, o.isLocalhost);
  const { hosts, ownOrigins } = addresses(config, listener);
  const passkeys = createPasskeyVerifier(() => ({
    // Browsers take no address as the name of a relying party.
    id: config.publicUrl === undefined ? 'localhost' : new URL(config.publicUrl).hostname,
    origins: ownOrigins,
  }));
  o.core.approvals.usePasskeys(passkeys);
  const access = accessTo(o, passkeys, publicUrl);
  const deps: HttpDeps = {
    orchestrator: o.core.orchestrator,
    access,
    approvals: o.core.approvals,
    approvers: {
      personIsSet: async () => {
        const { passphraseSet, passkeys: registered } = await access.personState();
        return passphraseSet || registered > 0;
      },
      elicitation: approvalChoiceIn(config.stateDir, systemClock),
    },
    clock: systemClock,
    logger: o.logger,
    version: o.version,
    settings: {
      hosts,
      ownOrigins,
      corsOrigins: config.corsOrigins,
      trustedProxies: config.trustedProxies,
      rateLimit: config.rateLimit,
      publicUrl,
      tools: config.tools,
      ...(config.oauthIssuers.length === 0 ? {} : { resourceMetadata: resourceMetadataUrl(publicUrl) }),
    },
    ready: o.ready,
    streams: o.streams,
    prove: (challenge) => proofOf(o.token, challenge),
    audit: o.core.audit,
    feed: o.core.feed,
  };
  const rest = createRestRoutes(deps);
  rest.route('/', createKeyRoutes(access, o.streams));
  const auth = createAuthRoutes({ access, settings: deps.settings, streams: o.streams });
  return createHttpApp(deps, {
    rest,
    mcp: createMcpRoutes({ ...deps, appView }),
    auth,
    docs: createDocsRoutes(() => apiDocument([rest, auth])),
    ...(config.oauthIssuers.length === 0
      ? {}
      : {
          wellKnown: createResourceMetadataRoutes({ settings: deps.settings, issuers: config.oauthIssuers }),
        }),
    page: createPageRoutes(path.join(import.meta.dirname, 'dashboard')),
  });
};
