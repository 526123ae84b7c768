import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Logger } from '../application/ports/logger.ts';
import { loadConfig } from '../infrastructure/config/load.ts';
import type { ConfigInput } from '../infrastructure/config/reading.ts';
import type { Config } from '../infrastructure/config/schema.ts';
import { lastPort, writeServerRecord } from '../infrastructure/daemon/serverFile.ts';
import { type Listener, type ListenOptions, listen } from '../infrastructure/http/listen.ts';
import { systemClock } from '../infrastructure/system/systemClock.ts';
import { createLogger } from '../infrastructure/telemetry/logger.ts';
import { connectionRefusals } from '../presentation/http/connectionRefusals.ts';
import { OpenStreams } from '../presentation/http/openStreams.ts';
import { httpApp, publicUrlOf } from './httpApp.ts';
import { loopbackTwin } from './loopbackTwin.ts';
import { startNotices } from './notices.ts';
import { type Core, openCore } from './openCore.ts';
import { configInput, version } from './thisProcess.ts';

/** A server that listens, with what ends it. */
export type RunningServer = {
  readonly config: Config;
  readonly logger: Logger;
  readonly core: Core;
  readonly listener: Listener;
  readonly twin: Listener | undefined;
  readonly streams: OpenStreams;
  readonly lastUse: () => number;
  readonly stopping: () => void;
  readonly stopNotices: () => void;
};

const IPV4_LOOPBACK = '127.0.0.1';

/**
 * Opens the core, listens, and leaves the record by which clients find the server.
 * @throws OrchestratorError what keeps it from starting; nothing stays open then.
 */
export const startServer = async (flags: ConfigInput['flags']): Promise<RunningServer> => {
  const { config, warnings } = loadConfig(configInput(flags));
  const logger = await createLogger({ level: config.logLevel, format: config.logFormat, env: process.env });
  for (const warning of warnings) logger.warning('SYSTEM', warning);
  surviveFaults(logger);
  const core = await openCore(config, process.env, logger, version);
  const opened: Listener[] = [];
  try {
    const token = `col_${randomBytes(32).toString('base64url')}`;
    const streams = new OpenStreams();
    let ready = true;
    let lastUse = systemClock.now();
    // The address is known only when the socket is open, and the app must know its own address.
    const serving = Promise.withResolvers<Parameters<typeof listen>[0]['fetch']>();
    const socket: Omit<ListenOptions, 'host' | 'port'> = {
      fetch: async (request, env) => {
        lastUse = systemClock.now();
        return (await serving.promise)(request, env);
      },
      endStreams: () => streams.endAll(),
      onRefused: connectionRefusals({ logger, clock: systemClock, feed: core.feed }),
      ...(config.tlsCert === undefined || config.tlsKey === undefined
        ? {}
        : { tls: { cert: readFileSync(config.tlsCert), key: readFileSync(config.tlsKey) } }),
    };
    const { host, port } = config;
    const preferPort = port === 0 ? await lastPort(config.stateDir) : undefined;
    const listener = await listen({ ...socket, host, port, preferPort });
    opened.push(listener);
    const twin = host === IPV4_LOOPBACK ? await loopbackTwin(socket, listener.port) : undefined;
    if (twin !== undefined) opened.push(twin);
    const app = httpApp({
      config,
      core,
      logger,
      listener,
      isLocalhost: twin !== undefined,
      streams,
      token,
      version,
      ready: () => ready,
    });
    const stopNotices = startNotices({
      config,
      orchestrator: core.orchestrator,
      env: process.env,
      logger,
      version,
      publicUrl: publicUrlOf(config, listener, twin !== undefined),
    });
    serving.resolve(app.fetch);
    await writeServerRecord(config.stateDir, { pid: process.pid, url: listener.url, token, version });
    logger.info('SYSTEM', 'server listens', { url: listener.url });
    // Ahead of the first job, which waits for it otherwise; where there is no CLI the job says so.
    core.enforcement.prove().catch((thrown: unknown) =>
      logger.warning('SECURITY', 'the gate could not be proven yet', {
        error: thrown instanceof Error ? thrown : new Error(String(thrown)),
      }),
    );
    return {
      config,
      logger,
      core,
      listener,
      twin,
      streams,
      lastUse: () => lastUse,
      stopping: () => {
        ready = false;
      },
      stopNotices,
    };
  } catch (thrown) {
    // A port that stays open would keep a process that could not start.
    await Promise.all(opened.map((listener) => listener.close(0)));
    await core.close();
    throw thrown;
  }
};

/** A promise that nobody waited for must not take the running work with it. */
const surviveFaults = (logger: Logger): void => {
  process.on('unhandledRejection', (reason) => {
    const message = (reason instanceof Error ? reason.message : String(reason)).slice(0, 500);
    logger.error('SYSTEM', 'a promise failed and nobody waited for it', { message });
  });
};
