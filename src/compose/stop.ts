import { loadConfig } from '../infrastructure/config/load.ts';
import { stopServer } from '../infrastructure/daemon/stopServer.ts';
import type { CliDeps } from '../presentation/cli/deps.ts';
import { configInput } from './thisProcess.ts';

/** Ends the local server of the state directory; one at ORCHESTRATOR_URL is another machine's to end. */
export const stop: CliDeps['stop'] = async ({ flags, now, onWait }) => {
  const { config } = loadConfig(configInput(flags));
  const record = await stopServer({
    stateDir: config.stateDir,
    drainMs: config.drainSeconds * 1000,
    now,
    signal: new AbortController().signal,
    onWait: () => onWait(config.drainSeconds),
  });
  return record === undefined ? undefined : { pid: record.pid, url: record.url };
};
