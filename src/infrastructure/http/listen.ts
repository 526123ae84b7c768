import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { getRequestListener } from '@hono/node-server';
import { bindPreferred } from './bind.ts';
import { refuseBroken } from './brokenRequests.ts';
import { Connections } from './connections.ts';

/** Everything that keeps slow and broken clients from holding the server. Milliseconds and bytes. */
export type ConnectionLimits = {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  /** How often the two timeouts are looked after. */
  readonly checkEvery: number;
  readonly maxHeaderSize: number;
  readonly maxConnections: number;
};

const LIMITS: ConnectionLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 10_000,
  checkEvery: 1000,
  maxHeaderSize: 16 * 1024,
  maxConnections: 2000,
};

export type ListenOptions = {
  readonly fetch: Parameters<typeof getRequestListener>[0];
  readonly host: string;
  /** 0 is a free one. */
  readonly port: number;
  /** Tried first where `port` is 0; another is taken where someone has it. */
  readonly preferPort?: number | undefined;
  /** PEM. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined;
  /** Ends the streams that would stay open for ever; called by `close`. */
  readonly endStreams?: (() => void) | undefined;
  /** Hears of connections that were refused before there was a request, by Node's code of the fault. */
  readonly onRefused?: ((code: string, address: string | undefined) => void) | undefined;
  readonly limits?: Partial<ConnectionLimits> | undefined;
};

export type Listener = {
  /** Where clients of this machine reach it, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections, lets requests end for `graceMs`, then cuts off what is left. */
  close(graceMs: number): Promise<void>;
};

/** A wildcard is no address to go to. */
const reachable = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
};

/**
 * Opens the server's port.
 * @throws ConflictError for a port that is taken, ConfigurationError for one that cannot be had.
 */
export const listen = async (options: ListenOptions): Promise<Listener> => {
  const { tls, host } = options;
  const { checkEvery, maxConnections, ...limits } = { ...LIMITS, ...options.limits };
  const http = { ...limits, connectionsCheckingInterval: checkEvery };
  const server =
    tls === undefined
      ? createServer(http)
      : createTlsServer({ ...http, ...tls, handshakeTimeout: limits.headersTimeout });
  server.maxConnections = maxConnections;

  const connections = new Connections(server, tls !== undefined);
  refuseBroken(server, connections, options.onRefused ?? (() => {}));
  // Node's own Request and Response stay in place: other parts of this process use them too.
  server.on('request', getRequestListener(options.fetch, { overrideGlobalObjects: false }));

  const port = await bindPreferred(server, options);
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${reachable(host)}:${port}`,
    port,
    close: (graceMs) => connections.close(graceMs, options.endStreams ?? (() => {})),
  };
};
