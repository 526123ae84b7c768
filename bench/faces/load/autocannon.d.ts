/** What of autocannon is used here: the package brings no types. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  type Options = {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** Emits `response` (client, status, bytes, milliseconds) for each answer. */
  type Run = EventEmitter & PromiseLike<unknown>;
  const autocannon: (options: Options) => Run;
  export default autocannon;
}
