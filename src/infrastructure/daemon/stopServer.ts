import { ConflictError } from '../../domain/errors/index.ts';
import { codeOf } from '../process/codeOf.ts';
import { isAlive } from '../process/isAlive.ts';
import { gone } from './gone.ts';
import { probe } from './probe.ts';
import { readServerRecord, type ServerRecord } from './serverFile.ts';

/** What a server needs for its end beside the time that it gives to running tasks, milliseconds. */
const END_MS = 12_000;
/** It may have been started with a longer time than this process knows of, milliseconds. */
const LEAST_PATIENCE_MS = 30_000;

export type StopOptions = {
  readonly stateDir: string;
  /** What running tasks get, milliseconds. */
  readonly drainMs: number;
  /** They get no time: the server ends within two seconds. */
  readonly now: boolean;
  readonly signal: AbortSignal;
  /** Hears that the server has been told to end and is waited for. */
  readonly onWait: () => void;
};

/**
 * Ends the server of a state directory and waits until its process is gone. Nothing is signalled but a process that
 * has just proved to be that server.
 * @returns the record of the server that has ended; undefined where none ran.
 * @throws ConflictError where it still runs after all patience.
 */
export const stopServer = async (o: StopOptions): Promise<ServerRecord | undefined> => {
  const record = await readServerRecord(o.stateDir);
  if (record === undefined || !isAlive(record.pid)) return undefined;
  const state = await probe(record, o.signal);
  if (state === 'absent') return undefined;
  // One that stops already would take another signal for impatience.
  if (state === 'ready') tell(record.pid, 'SIGTERM');
  // Another kind, since two of the same may arrive as one.
  if (o.now) tell(record.pid, 'SIGINT');
  o.onWait();
  if (await gone(record.pid, Math.max(o.drainMs, LEAST_PATIENCE_MS) + END_MS, o.signal)) return record;
  throw new ConflictError('The local server is stopping and still waits for its running tasks.', {
    hint: '`claude-orchestrator stop` waits on; `claude-orchestrator stop --now` ends it at once.',
    retryable: true,
    retryAfterMs: 30_000,
  });
};

const tell = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    // It has ended meanwhile.
    if (codeOf(thrown) !== 'ESRCH') throw thrown;
  }
};
