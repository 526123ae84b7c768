const NEWLINE = 0x0a;

export type LineFramer = {
  /** The chunk is only read during the call: what must be kept of it is copied. */
  push(chunk: Uint8Array): void;
};

export type LineFramerOptions = {
  /** Longest line, bytes without its newline. */
  readonly maxBytes: number;
  /** The line is valid only during the call. */
  readonly onLine: (line: Uint8Array) => void;
  /** Called once for a line over the limit, as soon as it is known; the rest of that line is thrown away. */
  readonly onTooLong: () => void;
};

/**
 * Cuts a byte stream into lines. Holds at most one line of `maxBytes`, whatever comes: a line without an end
 * costs no memory beyond that. Bytes after the last newline are never a line.
 */
export const createLineFramer = ({ maxBytes, onLine, onTooLong }: LineFramerOptions): LineFramer => {
  let parts: Uint8Array[] = [];
  let held = 0;
  let skipping = false;

  const fits = (part: Uint8Array): boolean => {
    if (held + part.length <= maxBytes) return true;
    parts = [];
    held = 0;
    skipping = true;
    onTooLong();
    return false;
  };

  const hold = (part: Uint8Array): void => {
    if (skipping || part.length === 0 || !fits(part)) return;
    parts.push(Uint8Array.from(part));
    held += part.length;
  };

  const endLine = (part: Uint8Array): void => {
    if (skipping || !fits(part)) {
      skipping = false;
      return;
    }
    const line = held === 0 ? part : Buffer.concat([...parts, part], held + part.length);
    parts = [];
    held = 0;
    onLine(line);
  };

  return {
    push: (chunk) => {
      let from = 0;
      for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
        endLine(chunk.subarray(from, to));
        from = to + 1;
      }
      hold(chunk.subarray(from));
    },
  };
};
