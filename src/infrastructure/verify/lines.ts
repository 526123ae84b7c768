import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** Characters of a line that are looked at: no test's name is longer, and one line can be all of an output. */
const MAX_LINE = 16 * 1024;

/** Cuts a stream into lines, without colours and line ends, in constant memory; what is too long is cut. */
export const createLineSplitter = (
  onLine: (line: string) => void,
): { write(chunk: Uint8Array): void; end(): void } => {
  const decoder = new StringDecoder('utf8');
  let open = '';
  const take = (text: string): void => {
    open += text.slice(0, MAX_LINE - open.length);
  };
  const close = (): void => {
    onLine(stripVTControlCharacters(open).trimEnd());
    open = '';
  };
  return {
    write: (chunk) => {
      const parts = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)).split('\n');
      take(parts[0] ?? '');
      for (const part of parts.slice(1)) {
        close();
        take(part);
      }
    },
    end: () => {
      take(decoder.end());
      if (open !== '') close();
    },
  };
};
