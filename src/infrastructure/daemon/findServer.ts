import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ConflictError, FileSystemError } from '../../domain/errors/index.ts';
import { isAlive } from '../process/isAlive.ts';
import { gone } from './gone.ts';
import { type LaunchOptions, launchServer } from './launch.ts';
import { probe } from './probe.ts';
import { dropStaleRecord, readServerRecord, type ServerRecord } from './serverFile.ts';
import { takeStartTurn } from './startTurn.ts';
import { isOlder } from './version.ts';

/** Between two looks at what other processes do: their end and their files give no event here. */
const LOOK_MS = 50;
/** Longest wait for a server to come up, or for an old one to end, milliseconds. */
const PATIENCE_MS = 42_000;

export type FindOptions = LaunchOptions & {
  /** Of this program: an older server is asked to end, and a new one takes its place. */
  readonly version: string;
  /** Says what takes time or is unusual. */
  readonly onNote: (note: string) => void;
};

/** @returns the record of the server that runs and is ready; undefined where there is none. Starts nothing. */
export const runningServer = async (
  stateDir: string,
  signal: AbortSignal,
): Promise<ServerRecord | undefined> => {
  const record = await readServerRecord(stateDir);
  if (record === undefined || !isAlive(record.pid)) return undefined;
  return (await probe(record, signal)) === 'ready' ? record : undefined;
};

/**
 * Finds the server of a state directory: the one that runs, or one that is started for it. A stale record is
 * passed over; a server that is stopping, or is older than this program, is waited out, and its jobs go on in
 * the next one.
 * @throws ConflictError where another process works in the directory and serves nobody else · FileSystemError
 */
export const findServer = async (options: FindOptions): Promise<ServerRecord> => {
  const { stateDir, signal } = options;
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const deadline = performance.now() + PATIENCE_MS;
  let refused: ConflictError | undefined;
  while (performance.now() < deadline) {
    const found = await look(options);
    if (found !== undefined) return found;
    const turn = await takeStartTurn(stateDir);
    if (turn === undefined) {
      await delay(LOOK_MS, undefined, { signal });
      continue;
    }
    try {
      // Between the look and the turn another may have started it.
      const meanwhile = await look(options);
      if (meanwhile !== undefined) return meanwhile;
      await dropStaleRecord(stateDir);
      await launchServer(options);
    } catch (thrown) {
      if (!(thrown instanceof ConflictError)) throw thrown;
      // Someone else was first, or works there without serving others: the second look tells which.
      if (refused !== undefined && (await readServerRecord(stateDir)) === undefined) throw thrown;
      refused = thrown;
      await delay(LOOK_MS, undefined, { signal });
    } finally {
      await turn();
    }
  }
  throw (
    refused ??
    new FileSystemError('The local server did not become ready in time.', {
      hint: 'Run `claude-orchestrator doctor`, or `claude-orchestrator serve` in a terminal to see why.',
      retryable: true,
    })
  );
};

const look = async (options: FindOptions): Promise<ServerRecord | undefined> => {
  const { stateDir, signal, version, onNote } = options;
  const record = await readServerRecord(stateDir);
  if (record === undefined || !isAlive(record.pid)) return undefined;
  const state = await probe(record, signal);
  if (state === 'absent') return undefined;
  if (state === 'ready') {
    if (!isOlder(record.version, version)) return record;
    onNote(`The local server is ${record.version}, this is ${version}: it ends gracefully and is replaced.`);
    // It has just proved that it is the server of the record, so the process is the right one.
    process.kill(record.pid, 'SIGTERM');
  }
  await waitOut(record.pid, signal);
  return undefined;
};

const waitOut = async (pid: number, signal: AbortSignal): Promise<void> => {
  if (await gone(pid, PATIENCE_MS, signal)) return;
  throw new ConflictError('The local server is stopping and waits for its running tasks.', {
    hint: 'Call again in half a minute.',
    retryable: true,
    retryAfterMs: 30_000,
  });
};
