import { setTimeout as sleep } from 'node:timers/promises';
import { OrchestratorError } from '../../domain/errors/index.ts';
import type { Call, Connection } from './connection.ts';
import { isPassing, ServerUnreachableError } from './errors.ts';
import type { SseEvent } from './sseParser.ts';

export type StayingStream = {
  readonly path: string;
  readonly signal: AbortSignal;
  /** What it throws ends the stream and is thrown on. */
  readonly onEvent: (event: SseEvent) => void;
  /** The id to go on after, as far as one is known; asked before each connection but the first. */
  readonly lastEventId: () => string | undefined;
  /** The connection is lost; it is opened again by itself. */
  readonly onLost?: ((error: OrchestratorError) => void) | undefined;
  /** A connection after the first one stands: its first byte has come. */
  readonly onAgain?: (() => void) | undefined;
};

const LONGEST_PAUSE_MS = 10_000;

/** Half of it by chance, so that many clients do not come back at one moment. */
const pauseMs = (firstMs: number, failures: number, error: OrchestratorError): number =>
  Math.max(
    error.retryAfterMs ?? 0,
    Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2),
  );

/**
 * Reads a stream that has no end: whatever ends a connection, the next one is opened after a growing pause.
 * Resolves when the signal aborts.
 * @throws OrchestratorError the server refuses for good (no such job, no right).
 */
export const stay = async (connection: Connection, stream: StayingStream): Promise<void> => {
  const { signal } = stream;
  let failures = 0;
  for (let round = 0; !signal.aborted; round += 1) {
    try {
      let opened = false;
      const open = (): void => {
        failures = 0;
        if (round > 0 && !opened) stream.onAgain?.();
        opened = true;
      };
      for await (const event of connection.events(stream.path, callOf(stream, round, open))) {
        stream.onEvent(event);
        if (signal.aborted) return;
      }
      throw new ServerUnreachableError(connection.url, 'the server ended the stream');
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof OrchestratorError) || !isPassing(error)) throw error;
      stream.onLost?.(error);
      await sleep(pauseMs(connection.firstPauseMs, failures, error), undefined, { signal }).catch(
        () => undefined,
      );
      failures += 1;
    }
  }
};

const callOf = (stream: StayingStream, round: number, onOpen: () => void): Call => {
  const id = round === 0 ? undefined : stream.lastEventId();
  return {
    signal: stream.signal,
    onOpen,
    ...(id === undefined ? {} : { headers: { 'last-event-id': id } }),
  };
};
