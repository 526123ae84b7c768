import { Transform } from 'node:stream';

const NEWLINE = 0x0a;

/**
 * Passes a stream on and ends it with an error once one line grows beyond `maxBytes`: the SDK behind it keeps
 * a line until it is whole, so a worker that prints without a newline would fill our memory.
 */
export const lineGuard = (maxBytes: number): Transform => {
  let open = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const first = chunk.indexOf(NEWLINE);
      const longest = open + (first === -1 ? chunk.length : first);
      open = first === -1 ? longest : chunk.length - 1 - chunk.lastIndexOf(NEWLINE);
      if (longest > maxBytes) return done(new Error(`a line of more than ${maxBytes} bytes`));
      done(null, chunk);
    },
  });
};
