/** UTF-8 continuation bytes are 10xxxxxx; a character has at most three of them. */
const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
const MAX_CONTINUATIONS = 3;
const FIRST_BYTES = 4096;

/** Where the last character that is whole ends: a character cut by our border is left out whole. */
const wholeEnd = (bytes: Buffer): number => {
  let start = bytes.length - 1;
  for (let n = 0; n < MAX_CONTINUATIONS && isContinuation(bytes[start]); n += 1) start -= 1;
  const lead = bytes[start] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start + length > bytes.length ? Math.max(start, 0) : bytes.length;
};

const wholeStart = (bytes: Buffer): number => {
  let start = 0;
  while (start < MAX_CONTINUATIONS && isContinuation(bytes[start])) start += 1;
  return start;
};

export type BoundedLog = {
  /** Takes the next piece, however large; nothing of it is held on to. */
  write(chunk: Uint8Array | string): void;
  /** Everything, or head and tail with "[… N bytes cut …]" on a line between them. */
  text(): string;
  /** Bytes written in all. */
  readonly bytes: number;
};

/**
 * Collects a stream in constant memory: the first and the last half of `capBytes`. Lines play no part, so that
 * one of 100 MB costs no more than a short one.
 */
export const createBoundedLog = (capBytes: number): BoundedLog => {
  const headSize = Math.ceil(capBytes / 2);
  const tailSize = Math.floor(capBytes / 2);
  /** Grows by doubling: most outputs are short, and some come byte by byte. */
  let head = Buffer.alloc(Math.min(headSize, FIRST_BYTES));
  let headUsed = 0;
  /** A ring, made when the head is full: most outputs are short. */
  let ring: Buffer | undefined;
  let total = 0;

  const toHead = (bytes: Uint8Array): Uint8Array => {
    const part = bytes.subarray(0, headSize - headUsed);
    const needed = headUsed + part.length;
    if (needed > head.length)
      head = Buffer.concat([head], Math.min(headSize, Math.max(needed, head.length * 2)));
    head.set(part, headUsed);
    headUsed = needed;
    return bytes.subarray(part.length);
  };

  const toRing = (bytes: Uint8Array): void => {
    ring ??= Buffer.alloc(tailSize);
    // What is overwritten at once need not be copied, but it moves the place where the rest goes.
    const skipped = Math.max(0, bytes.length - tailSize);
    let at = (total - headSize + skipped) % tailSize;
    for (let rest = bytes.subarray(skipped); rest.length > 0; ) {
      const part = rest.subarray(0, tailSize - at);
      ring.set(part, at);
      rest = rest.subarray(part.length);
      at = 0;
    }
    total += bytes.length;
  };

  const tail = (): Buffer => {
    if (ring === undefined) return Buffer.alloc(0);
    const written = total - headSize;
    if (written <= tailSize) return ring.subarray(0, written);
    const at = written % tailSize;
    return Buffer.concat([ring.subarray(at), ring.subarray(0, at)]);
  };

  return {
    write: (chunk) => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      const rest = toHead(bytes);
      total += bytes.length - rest.length;
      if (rest.length > 0 && tailSize > 0) toRing(rest);
      else total += rest.length;
    },
    text: () => {
      const last = tail();
      const all = head.subarray(0, headUsed);
      if (total <= all.length + last.length) return Buffer.concat([all, last]).toString('utf8');
      const first = all.subarray(0, wholeEnd(all));
      const end = last.subarray(wholeStart(last));
      return `${first}\n[… ${total - first.length - end.length} bytes cut …]\n${end}`;
    },
    get bytes() {
      return total;
    },
  };
};
