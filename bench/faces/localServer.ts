import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readServerRecord } from '../../src/infrastructure/daemon/serverFile.ts';
import { createClient, type OrchestratorClient } from '../../src/presentation/client/index.ts';
import type { Ground } from '../contest/contender.ts';
import { PROGRAM, serverEnvironment } from '../contest/server.ts';

export const stateDir = (ground: Ground): string => join(ground.root, 'state');

/** The built program's `serve`, and a client with this user's own token, which has no rate limit. */
export type LocalServer = {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
  readonly client: OrchestratorClient;
  /** Ends it as a signal of a person's does; resolves when it is gone. */
  [Symbol.asyncDispose](): Promise<void>;
};

const READY_MS = 30_000;

/** Starts `serve` on a free port of loopback. @throws where it does not become ready. */
export const startLocalServer = async (
  ground: Ground,
  nodeOptions: readonly string[] = [],
): Promise<LocalServer> => {
  const child = spawn(process.execPath, [...nodeOptions, PROGRAM, 'serve', '--json'], {
    cwd: ground.root,
    env: { ...serverEnvironment(ground), ORCHESTRATOR_DRAIN_SECONDS: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.pipe(createWriteStream(join(ground.root, 'serve.log')));
  const exited = once(child, 'exit');
  const signal = AbortSignal.any([ground.signal, AbortSignal.timeout(READY_MS)]);
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await exited;
    }
  };
  try {
    // Its first line says that it is ready.
    await Promise.race([
      once(createInterface(child.stdout), 'line', { signal }),
      exited.then(([code]) => Promise.reject(new Error(`The server ended at its start (${code}).`))),
    ]);
    const record = await readServerRecord(stateDir(ground));
    if (record === undefined) throw new Error('The server is ready and has left no record.');
    const { pid, url, token } = record;
    return {
      pid,
      url,
      token,
      client: createClient({ url, apiKey: token }),
      [Symbol.asyncDispose]: end,
    };
  } catch (thrown) {
    await end();
    throw thrown;
  }
};
