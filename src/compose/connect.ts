import { loadConfig } from '../infrastructure/config/load.ts';
import type { ConfigInput } from '../infrastructure/config/reading.ts';
import type { Config } from '../infrastructure/config/schema.ts';
import { findServer, runningServer } from '../infrastructure/daemon/findServer.ts';
import type { ServerRecord } from '../infrastructure/daemon/serverFile.ts';
import { isAlive } from '../infrastructure/process/isAlive.ts';
import { createClient, type OrchestratorClient } from '../presentation/client/client.ts';
import { configInput, programScript, version } from './thisProcess.ts';

export type ConnectOptions = {
  readonly flags: ConfigInput['flags'];
  /** Who calls, for the server's log. */
  readonly as: 'front' | 'cli';
  readonly signal: AbortSignal;
  /** Hears what takes time or is unusual, in sentences. */
  readonly onNote: (note: string) => void;
};

const remote = ({ url, apiKey }: Config, as: string): OrchestratorClient | undefined =>
  url === undefined ? undefined : createClient({ url, apiKey, userAgent: userAgent(as) });

/**
 * A client of a local server. Nothing is sent once its process is gone: the port may then be a stranger's, who
 * must get neither the token nor the request, and whose answer must not be believed.
 */
const ofRecord = ({ pid, url, token }: ServerRecord, as: string): OrchestratorClient =>
  createClient({
    url,
    apiKey: token,
    userAgent: userAgent(as),
    fetch: async (input, init) => {
      if (isAlive(pid)) return fetch(input, init);
      const refused = Object.assign(new Error('the server has ended'), { code: 'ECONNREFUSED' });
      throw new TypeError('fetch failed', { cause: refused });
    },
  });

const userAgent = (as: string): string => `claude-orchestrator-${as}/${version}`;

/** The command line of a server that outlives this process. */
const serveCommand = (flags: ConfigInput['flags']): [string, ...string[]] => [
  process.execPath,
  programScript(),
  'serve',
  '--detached',
  ...Object.entries(flags).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [`--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value],
  ),
];

/**
 * A client of the server that this configuration means: the one at ORCHESTRATOR_URL, or the local one of the
 * state directory, which is started where it does not run.
 */
export const connect = async ({ flags, as, signal, onNote }: ConnectOptions): Promise<OrchestratorClient> => {
  const { config } = loadConfig(configInput(flags));
  const elsewhere = remote(config, as);
  if (elsewhere !== undefined) return elsewhere;
  const record = await findServer({
    stateDir: config.stateDir,
    command: serveCommand(flags),
    env: process.env,
    version,
    signal,
    onNote,
  });
  return ofRecord(record, as);
};

/** The same where a server runs already; starts nothing. */
export const connectToRunning = async ({
  flags,
  as,
  signal,
}: Omit<ConnectOptions, 'onNote'>): Promise<OrchestratorClient | undefined> => {
  const { config } = loadConfig(configInput(flags));
  const elsewhere = remote(config, as);
  if (elsewhere !== undefined) return elsewhere;
  const record = await runningServer(config.stateDir, signal);
  if (record === undefined) return undefined;
  return ofRecord(record, as);
};
