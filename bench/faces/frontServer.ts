import { rm } from 'node:fs/promises';
import { readServerRecord } from '../../src/infrastructure/daemon/serverFile.ts';
import { isAlive } from '../../src/infrastructure/process/isAlive.ts';
import type { Ground } from '../contest/contender.ts';
import { eventually } from './eventually.ts';
import { stateDir } from './localServer.ts';

const END_MS = 60_000;

/** Ends the server that a front has started in a ground and that outlives it, and forgets all that it kept. */
export const endFrontServer = async (ground: Ground): Promise<void> => {
  const record = await readServerRecord(stateDir(ground));
  if (record !== undefined && isAlive(record.pid)) {
    process.kill(record.pid, 'SIGTERM');
    // A second word ends the wait for tasks that run.
    process.kill(record.pid, 'SIGINT');
    await eventually('the end of the server', async () => (isAlive(record.pid) ? undefined : true), {
      deadlineMs: END_MS,
      signal: AbortSignal.timeout(END_MS),
    });
  }
  await rm(stateDir(ground), { recursive: true, force: true, maxRetries: 5 });
};
