import { openStream, type StreamOptions, type StreamState } from './stream.ts';

/** What the tab that holds the stream tells the others. */
type Relay =
  | { readonly kind: 'event'; readonly type: string; readonly data: string }
  | { readonly kind: 'state'; readonly state: StreamState }
  | { readonly kind: 'ask' };

type Listeners = Pick<StreamOptions, 'onEvent' | 'onState'>;

/**
 * One stream for all tabs of this browser: over HTTP/1.1 a browser opens six connections to a server, and a
 * stream a tab would soon leave none to load anything with. The tab that gets the lock holds the stream
 * and relays it; when it closes, the next one takes over, and everyone hears `lost`, then `live`.
 * Where the browser has no locks (plain HTTP from another machine) each tab has its own.
 * @returns how to close it.
 */
export const openSharedStream = (path: string, listeners: Listeners): (() => void) => {
  if (!('locks' in navigator)) return openStream(path, listeners);
  const channel = new BroadcastChannel(`orchestrator:${path}`);
  const closed = new AbortController();
  const send = (message: Relay): void => {
    if (!closed.signal.aborted) channel.postMessage(message);
  };
  let held: StreamState | undefined;
  let heard: StreamState = 'connecting';
  const hear = (state: StreamState): void => {
    if (heard === state) return;
    heard = state;
    listeners.onState?.(state);
  };

  channel.onmessage = ({ data }: MessageEvent<Relay>) => {
    if (data.kind === 'ask') {
      if (held !== undefined) send({ kind: 'state', state: held });
    } else if (held === undefined) {
      if (data.kind === 'event') listeners.onEvent(data.type, data.data, undefined);
      else hear(data.state);
    }
  };
  send({ kind: 'ask' });

  const hold = (): Promise<void> =>
    new Promise((resolve) => {
      // What came between the other tab's end and this start is not known.
      if (heard === 'live') hear('lost');
      const close = openStream(path, {
        onEvent: (type, data, id) => {
          send({ kind: 'event', type, data });
          listeners.onEvent(type, data, id);
        },
        onState: (state) => {
          held = state;
          send({ kind: 'state', state });
          hear(state === 'connecting' ? heard : state);
        },
      });
      closed.signal.addEventListener('abort', () => {
        close();
        resolve();
      });
    });
  navigator.locks.request(`orchestrator:${path}`, { signal: closed.signal }, hold).catch(() => {
    // Closed before the lock was ours.
  });

  return () => {
    closed.abort();
    channel.close();
  };
};
