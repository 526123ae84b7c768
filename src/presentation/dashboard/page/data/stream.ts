import { createParser } from 'eventsource-parser';
import { type ProblemError, problemOf } from './http.ts';

/** `connecting` at first, `live` while events flow, `lost` from a break until the next `live`. */
export type StreamState = 'connecting' | 'live' | 'lost';

export type StreamOptions = {
  /** @param data the event's data as it came; `jsonOf<T>(data)` reads it. @param id the event's own id. */
  onEvent(type: string, data: string, id: string | undefined): void;
  onState?(state: StreamState): void;
  /** The server refused for good (401, 403, 404 …): nothing is tried any more. */
  onRefused?(error: ProblemError): void;
  /** Where to go on from; kept up by itself afterwards. */
  readonly lastEventId?: string;
  /** No byte for so long, milliseconds, means that the connection is dead: the server beats every 15 s. */
  readonly silenceMs?: number;
  /** The first pause before another try, milliseconds; it doubles up to 15 s. */
  readonly firstPauseMs?: number;
};

const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Refusals that pass by themselves. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Milliseconds before try number `failures` (1 is the first again), with half of it by chance, so that many
 * pages do not come back at one moment.
 */
export const pauseBefore = (failures: number, firstMs: number, random: number): number =>
  Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** Math.min(failures - 1, 10)) * (0.5 + random / 2);

/**
 * A server-sent event stream that stays: broken or silent connections are opened again from the last event
 * that was handed over. By fetch, since an EventSource neither shows heartbeats nor sends an id at its start.
 * @returns how to close it; nothing is called afterwards.
 */
export const openStream = (path: string, options: StreamOptions): (() => void) => {
  const closed = new AbortController();
  let state: StreamState | undefined;
  const tell = (next: StreamState): void => {
    if (closed.signal.aborted || state === next) return;
    state = next;
    options.onState?.(next);
  };
  tell('connecting');
  void stay(path, options, closed.signal, tell);
  return () => closed.abort();
};

const stay = async (
  path: string,
  options: StreamOptions,
  closed: AbortSignal,
  tell: (state: StreamState) => void,
): Promise<void> => {
  let lastEventId = options.lastEventId;
  let firstPauseMs = options.firstPauseMs ?? FIRST_PAUSE_MS;
  let failures = 0;
  while (!closed.aborted) {
    const run = await oneConnection(path, lastEventId, options.silenceMs ?? SILENCE_MS, closed, {
      onOpen: () => tell('live'),
      onSign: () => {
        failures = 0;
      },
      onRetry: (milliseconds) => {
        firstPauseMs = Math.min(milliseconds, LONGEST_PAUSE_MS);
      },
      onEvent: (type, data, id) => {
        if (closed.aborted) return;
        if (id !== undefined) lastEventId = id;
        try {
          options.onEvent(type, data, id);
        } catch (error) {
          // A fault of the reader's own: the connection is sound, and the same event would fail again.
          console.error(error);
        }
      },
    });
    if (closed.aborted) return;
    tell('lost');
    if (run.refused !== undefined && run.final) {
      options.onRefused?.(run.refused);
      return;
    }
    failures += 1;
    const pause = pauseBefore(failures, firstPauseMs, Math.random());
    await restOrWake(Math.max(pause, run.refused?.problem.retry_after_ms ?? 0), closed);
  }
};

type Listeners = {
  onOpen(): void;
  onSign(): void;
  onRetry(milliseconds: number): void;
  onEvent(type: string, data: string, id: string | undefined): void;
};

type Ending = { readonly refused?: ProblemError; readonly final?: boolean };

/** Reads one connection to its end, whatever ends it. */
const oneConnection = async (
  path: string,
  lastEventId: string | undefined,
  silenceMs: number,
  closed: AbortSignal,
  listeners: Listeners,
): Promise<Ending> => {
  const dead = new AbortController();
  const expire = (): void => dead.abort();
  let watch = setTimeout(expire, silenceMs);
  try {
    const response = await fetch(path, {
      headers: {
        accept: 'text/event-stream',
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
      cache: 'no-store',
      signal: AbortSignal.any([closed, dead.signal]),
    });
    if (!response.ok || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
      const refused = await problemOf(response);
      return {
        refused,
        final: response.status < 500 && response.status >= 400 && !PASSING.has(response.status),
      };
    }
    listeners.onOpen();
    const parser = createParser({
      onEvent: (event) => listeners.onEvent(event.event ?? 'message', event.data, event.id),
      onRetry: listeners.onRetry,
    });
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    for (;;) {
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) return {};
      clearTimeout(watch);
      watch = setTimeout(expire, silenceMs);
      listeners.onSign();
      parser.feed(decoder.decode(chunk.value, { stream: true }));
    }
  } catch {
    return {};
  } finally {
    clearTimeout(watch);
    dead.abort();
  }
};

/** Waits, but no longer than until the machine says that it is online again. */
const restOrWake = async (milliseconds: number, closed: AbortSignal): Promise<void> => {
  const page: unknown = globalThis;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      closed.removeEventListener('abort', done);
      if (page instanceof EventTarget) page.removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    closed.addEventListener('abort', done);
    if (page instanceof EventTarget) page.addEventListener('online', done);
  });
};
