import { createWriteStream } from 'node:fs';
import { toOrchestratorError } from '../domain/errors/index.ts';
import type { ConfigInput } from '../infrastructure/config/reading.ts';
import { type LaunchReport, REPORT_FD } from '../infrastructure/daemon/launch.ts';
import { removeServerRecord } from '../infrastructure/daemon/serverFile.ts';
import { systemClock } from '../infrastructure/system/systemClock.ts';
import { idleEnd } from './idleEnd.ts';
import { type RunningServer, startServer } from './startServer.ts';
import { stopSignals } from './stopSignals.ts';

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
  let server: RunningServer;
  try {
    server = await startServer(options.flags);
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

/** Running tasks get their time; then workers are stopped, and what was under way runs anew at the next start. */
const end = async (server: RunningServer, impatient: AbortSignal): Promise<void> => {
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
