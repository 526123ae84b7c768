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
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
        if (open + end - from > maxBytes) return done(tooLong(maxBytes));
        open = 0;
        from = end + 1;
      }
      open += chunk.length - from;
      if (open > maxBytes) return done(tooLong(maxBytes));
      done(null, chunk);
    },
  });
};

const tooLong = (maxBytes: number): Error => new Error(`a line of more than ${maxBytes} bytes`);
