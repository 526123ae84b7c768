import type { Context } from 'hono';
import type { HttpEnv } from '../../http/env.ts';
import { endIfSpent, type OpenStreams } from '../../http/openStreams.ts';

export type StreamWatch = {
  readonly streams: OpenStreams;
  /** Between two looks whether the stream's credential is still good. */
  readonly heartbeatMs: number;
};

/**
 * Counts the request's stream among those that are open, and ends it once its credential is good no more.
 * @returns what takes it out again; a second call does nothing.
 * @throws InsufficientResourcesError (503) when too many streams are open.
 */
export const watchedStream = (
  c: Context<HttpEnv>,
  { streams, heartbeatMs }: StreamWatch,
  end: () => void,
): (() => void) => {
  const stream = { principal: c.get('identity').principal.id, stillGood: c.get('stillGood'), end };
  const exit = streams.enter(stream);
  const watch = setInterval(() => void endIfSpent(stream), heartbeatMs);
  watch.unref();
  return () => {
    clearInterval(watch);
    exit();
  };
};
