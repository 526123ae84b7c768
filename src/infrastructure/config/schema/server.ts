import { z } from 'zod';
import {
  absolutePath,
  listOf,
  minutes,
  oneOf,
  proxyAddress,
  webOrigin,
  webUrl,
  wholeNumber,
} from '../values.ts';
import { settings } from './meta.ts';

const TOOL_PRESETS = ['core', 'full'] as const;

/** Where the server listens, whom it lets in, and what it shows to MCP clients. */
export const serverSettings = {
  host: z
    .string('must be a host name or an address')
    .regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an address')
    .register(settings, {
      env: 'ORCHESTRATOR_HOST',
      form: 'address',
      fallback: '127.0.0.1',
      description:
        'Address that the server listens on. One that others can reach needs TLS or a trusted proxy (below).',
    }),
  port: wholeNumber(0, 65_535).register(settings, {
    env: 'ORCHESTRATOR_PORT',
    form: '0-65535',
    fallback: '0: the port of last time, or a free one',
    description: 'Port that the server listens on.',
  }),
  publicUrl: webUrl().optional().register(settings, {
    env: 'ORCHESTRATOR_PUBLIC_URL',
    form: 'URL',
    fallback: 'the address that it listens on',
    description:
      'Where clients reach the server, if that is another address: its host and origin are then let in.',
  }),
  tlsCert: absolutePath().optional().register(settings, {
    env: 'ORCHESTRATOR_TLS_CERT',
    form: 'path',
    fallback: 'none',
    description: 'Certificate chain in PEM; with `ORCHESTRATOR_TLS_KEY` the server speaks HTTPS.',
  }),
  tlsKey: absolutePath().optional().register(settings, {
    env: 'ORCHESTRATOR_TLS_KEY',
    form: 'path',
    fallback: 'none',
    description: 'Private key of the certificate, in PEM.',
  }),
  trustedProxies: listOf(proxyAddress, ',').register(settings, {
    env: 'ORCHESTRATOR_TRUSTED_PROXIES',
    form: 'addresses',
    fallback: 'none',
    description:
      'Addresses of reverse proxies that speak TLS with the clients. Only their `X-Forwarded-For` is believed.',
  }),
  corsOrigins: listOf(webOrigin, ',').register(settings, {
    env: 'ORCHESTRATOR_CORS_ORIGINS',
    form: 'origins',
    fallback: 'none',
    description: 'Web pages of other origins (`https://host:port`) that may call the server from a browser.',
  }),
  rateLimit: wholeNumber(0, 1_000_000).register(settings, {
    env: 'ORCHESTRATOR_RATE_LIMIT',
    form: '0-1000000',
    fallback: '100',
    description: "Requests a minute that one key may make; 0 is no limit. This user's own token has none.",
  }),
  oauthIssuers: listOf(webUrl(), ',').register(settings, {
    env: 'ORCHESTRATOR_OAUTH_ISSUERS',
    form: 'URLs',
    fallback: 'none',
    description:
      'OAuth issuers whose access tokens are accepted. The scopes `orchestrator:agent`, `:viewer`, `:approver`, `:admin` are the roles.',
  }),
  oauthAudience: z.string('must be text').min(1).max(2000).optional().register(settings, {
    env: 'ORCHESTRATOR_OAUTH_AUDIENCE',
    form: 'text',
    fallback: "the server's own `/mcp` URL",
    description: 'What the `aud` of an access token must be.',
  }),
  idleMinutes: minutes(10_080).register(settings, {
    env: 'ORCHESTRATOR_IDLE_MINUTES',
    form: '0-10080',
    fallback: '15',
    description:
      'Minutes without a job, a front and a browser after which a server that a front started ends itself; 0 is never.',
  }),
  drainSeconds: wholeNumber(0, 3600).register(settings, {
    env: 'ORCHESTRATOR_DRAIN_SECONDS',
    form: '0-3600',
    fallback: '30',
    description:
      'Seconds that running tasks get to end when the server is stopped; what is left runs anew at the next start.',
  }),
  tools: oneOf(TOOL_PRESETS).register(settings, {
    env: 'ORCHESTRATOR_TOOLS',
    form: TOOL_PRESETS.join(', '),
    fallback: '`full`',
    description:
      'Which tools MCP clients see: `core` is the loop orchestrate, job_wait, job_status, job_result with list_approvals and approve_operation.',
  }),
};
