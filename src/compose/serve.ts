import { randomBytes } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import type { Logger } from '../application/ports/logger.ts';
import { toOrchestratorError } from '../domain/errors/index.ts';
import { loadConfig } from '../infrastructure/config/load.ts';
import type { ConfigInput } from '../infrastructure/config/reading.ts';
import type { Config } from '../infrastructure/config/schema.ts';
import { type LaunchReport, REPORT_FD } from '../infrastructure/daemon/launch.ts';
import { lastPort, removeServerRecord, writeServerRecord } from '../infrastructure/daemon/serverFile.ts';
import { type Listener, type ListenOptions, listen } from '../infrastructure/http/listen.ts';
import { systemClock } from '../infrastructure/system/systemClock.ts';
import { createLogger } from '../infrastructure/telemetry/logger.ts';
import { connectionRefusals } from '../presentation/http/connectionRefusals.ts';
import { OpenStreams } from '../presentation/http/openStreams.ts';
import { httpApp, publicUrlOf } from './httpApp.ts';
import { idleEnd } from './idleEnd.ts';
import { startNotices } from './notices.ts';
import { type Core, openCore } from './openCore.ts';
import { stopSignals } from './stopSignals.ts';
import { configInput, version } from './thisProcess.ts';

export type ServeOptions = {
  readonly flags: ConfigInput['flags'];
  /** Started by a front: says on a descriptor when it is ready, and ends itself when nobody needs it. */
  readonly detached: boolean;
  /** Hears where the server is. */
  readonly onReady: (url: string) => void;
  /** Hears the first signal where a person watches (stderr is a terminal): seconds that running tasks get. */
  readonly onStopping: (drainSeconds: number) => void;
};

/** What an HTTP answer that is under way gets at the end, milliseconds. */
const CLOSE_MS = 500;

/**
 * Runs the server until a signal or, where a front started it, until nobody needs it. Resolves when everything
 * is in order: no worker left, state kept, record removed.
 * @throws OrchestratorError what keeps it from starting.
 */
export const serve = async (options: ServeOptions): Promise<void> => {
  const stop = stopSignals();
  const report = options.detached ? reporter() : () => {};
  let server: Running;
  try {
    server = await start(options.flags);
  } catch (thrown) {
    report({ ready: false, error: toOrchestratorError(thrown).toRecord() });
    throw thrown;
  }
  report({ ready: true });
  options.onReady(server.listener.url);
  const ended = new AbortController();
  await Promise.race([
    stop.first,
    ...(options.detached && server.config.idleMinutes > 0
      ? [
          idleEnd({
            idleMs: server.config.idleMinutes * 60_000,
            occupied: () => server.core.orchestrator.busy() || server.streams.count() > 0,
            lastUse: server.lastUse,
            clock: systemClock,
            signal: ended.signal,
          }),
        ]
      : []),
  ]);
  ended.abort();
  if (process.stderr.isTTY === true) options.onStopping(server.config.drainSeconds);
  await end(server, stop.impatient);
};

type Running = {
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

const start = async (flags: ConfigInput['flags']): Promise<Running> => {
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

const IPV4_LOOPBACK = '127.0.0.1';

/**
 * The same port of the other loopback address, so that `localhost`, which browsers may look up as either, is this
 * server and nobody else's: passkeys are bound to that name. Undefined where the machine has no such address, or
 * someone listens there; links then lead to the address.
 */
const loopbackTwin = async (
  socket: Omit<ListenOptions, 'host' | 'port'>,
  port: number,
): Promise<Listener | undefined> => {
  try {
    return await listen({ ...socket, host: '::1', port });
  } catch {
    return undefined;
  }
};

/** Running tasks get their time; then workers are stopped, and what was under way runs anew at the next start. */
const end = async (server: Running, impatient: AbortSignal): Promise<void> => {
  const { config, core, listener, logger } = server;
  server.stopping();
  logger.info('SYSTEM', 'server stops', { drainSeconds: config.drainSeconds });
  await core.orchestrator.drain(config.drainSeconds * 1000, impatient);
  server.stopNotices();
  await core.close();
  await removeServerRecord(config.stateDir);
  await Promise.all([listener.close(CLOSE_MS), server.twin?.close(CLOSE_MS)]);
  logger.info('SYSTEM', 'server has ended');
};

const reporter = (): ((report: LaunchReport) => void) => {
  const pipe = createWriteStream('', { fd: REPORT_FD });
  // Whoever started us may be gone.
  pipe.on('error', () => {});
  return (report) => void pipe.end(`${JSON.stringify(report)}\n`);
};

/** A promise that nobody waited for must not take the running work with it. */
const surviveFaults = (logger: Logger): void => {
  process.on('unhandledRejection', (reason) => {
    const message = (reason instanceof Error ? reason.message : String(reason)).slice(0, 500);
    logger.error('SYSTEM', 'a promise failed and nobody waited for it', { message });
  });
};
