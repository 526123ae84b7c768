import { fstatSync } from 'node:fs';
import { type OnReadOpts, Socket } from 'node:net';
import type { Readable } from 'node:stream';

export type SourceHandlers = {
  /** The bytes are valid only during the call: the next read may overwrite them. */
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly onEnd: () => void;
};

/** Where a client's bytes come from. */
export type ByteSource = {
  start(handlers: SourceHandlers): void;
  pause(): void;
  resume(): void;
  /** No handler is called afterwards, and nothing of it keeps the process alive. */
  stop(): void;
};

/** Any stream as a source. */
export const streamSource = (stream: Readable): ByteSource => {
  let handlers: SourceHandlers | undefined;
  const onData = (bytes: Uint8Array): void => handlers?.onBytes(bytes);
  const onEnd = (): void => handlers?.onEnd();
  return {
    start: (given) => {
      handlers = given;
      stream.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onEnd);
    },
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    stop: () => {
      handlers = undefined;
      // The error listener stays: without one, a late error would end the process.
      stream.off('data', onData).off('end', onEnd).off('close', onEnd);
      stream.pause();
    },
  };
};

const READ_BYTES = 64 * 1024;

/**
 * A pipe or socket, read into one buffer for ever. A stream allocates every chunk anew, and V8 lets 64 MB of
 * them lie before it looks: a client that sends much would cost that memory whatever we keep of it.
 */
const pipeSource = (fd: number): ByteSource => {
  let handlers: SourceHandlers | undefined;
  let socket: Socket | undefined;
  let flowing = true;
  const onread: OnReadOpts = {
    buffer: Buffer.allocUnsafeSlow(READ_BYTES),
    callback: (length, buffer) => {
      handlers?.onBytes(buffer.subarray(0, length));
      return flowing;
    },
  };
  return {
    start: (given) => {
      handlers = given;
      const onEnd = (): void => handlers?.onEnd();
      socket = new Socket({ fd, readable: true, writable: false, onread });
      socket.on('end', onEnd).on('close', onEnd).on('error', onEnd);
      socket.resume();
    },
    pause: () => {
      flowing = false;
      socket?.pause();
    },
    resume: () => {
      flowing = true;
      socket?.resume();
    },
    stop: () => {
      handlers = undefined;
      socket?.destroy();
    },
  };
};

const isPipe = (fd: number): boolean => {
  const stats = fstatSync(fd);
  return stats.isFIFO() || stats.isSocket();
};

/**
 * The process's standard input. `process.stdin` is asked for only where it is no pipe (a terminal, a file): to
 * touch it makes a second reader of the same descriptor.
 */
export const standardInput = (): ByteSource => (isPipe(0) ? pipeSource(0) : streamSource(process.stdin));
