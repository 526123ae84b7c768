import { appendToSegment, listSegments, readSegment, removeSegment, type Segment } from './logSegments.ts';

/** Where the next character goes. */
type End = {
  /** The segment written to. */
  start: number;
  bytes: number;
  /** Characters written in all, those cut since included: the position of the next one. */
  position: number;
};

export type LogPage = {
  readonly text: string;
  readonly size: number;
  readonly nextOffset: number | undefined;
};

/**
 * One task's log: files in a folder, each named by the position of its first character. The first holds the
 * head and is kept; of the later ones the last two are, so that a cut is a gap between two names. Positions
 * count everything ever written: a page read now and the next one read later meet, whatever was cut between.
 */
export class TaskLog {
  readonly folder: string;
  readonly #headBytes: number;
  readonly #segmentBytes: number;
  /** Read from the disk when first needed: the log may be an earlier server's. */
  #end: End | undefined;
  #pending: string[] = [];
  #pendingLength = 0;

  /** @param bytes what the log may hold: half for the head, half for the tail in two segments. */
  constructor(folder: string, bytes: number) {
    this.folder = folder;
    this.#headBytes = bytes / 2;
    this.#segmentBytes = bytes / 4;
  }

  /** @returns the characters that wait for {@link write}. */
  append(text: string): number {
    this.#pending.push(text);
    this.#pendingLength += text.length;
    return this.#pendingLength;
  }

  /** Writes what waits. What a full disk refuses is lost: a log must not fill the memory instead. */
  write(): void {
    if (this.#pendingLength === 0) return;
    // Lone surrogates have no UTF-8: replaced one by one, so that every position stays.
    let rest = this.#pending.join('').toWellFormed();
    this.#pending = [];
    this.#pendingLength = 0;
    while (rest !== '') {
      const end = this.#endNow();
      const capacity = end.start === 0 ? this.#headBytes : this.#segmentBytes;
      const part = prefixWithin(rest, capacity - end.bytes);
      if (part === '') {
        // What would be removed again before this batch ends is not written at all.
        const skipped = beforePair(rest, Math.max(0, rest.length - 2 * this.#segmentBytes));
        end.position += skipped;
        rest = rest.slice(skipped);
        this.#startSegment(end);
      } else {
        appendToSegment(this.folder, end.start, part);
        end.bytes += Buffer.byteLength(part);
        end.position += part.length;
        rest = rest.slice(part.length);
      }
    }
  }

  /** @param offset position of the first character wanted · @param limit characters wanted, at least one */
  read(offset: number, limit: number): LogPage {
    this.write();
    const size = this.#endNow().position;
    const segments = listSegments(this.folder);
    const at = segments.findLastIndex(({ start }) => start <= offset);
    const segment = segments[at];
    if (segment === undefined || offset >= size) return { text: '', size, nextOffset: undefined };
    const content = readSegment(segment);
    const next = segments[at + 1];
    const from = beforePair(content, Math.max(0, offset - segment.start));
    if (from >= content.length) return this.#readBehindGap(offset, limit, size, next);
    const to = endOfPage(content, from, limit);
    const reached = segment.start + to;
    const text = content.slice(from, to);
    if (reached >= size) return { text, size, nextOffset: undefined };
    // A page may be shorter than asked for at the border of a segment; the next one goes on from there.
    return { text, size, nextOffset: reached };
  }

  #readBehindGap(offset: number, limit: number, size: number, next: Segment | undefined): LogPage {
    if (next === undefined) return { text: '', size, nextOffset: undefined };
    const page = this.read(next.start, limit);
    return { ...page, text: `\n[… ${next.start - offset} characters cut …]\n${page.text}` };
  }

  #endNow(): End {
    this.#end ??= lastEnd(this.folder);
    return this.#end;
  }

  #startSegment(end: End): void {
    for (const old of listSegments(this.folder).slice(1, -1)) removeSegment(old);
    end.start = end.position;
    end.bytes = 0;
  }
}

const lastEnd = (folder: string): End => {
  const last = listSegments(folder).at(-1);
  if (last === undefined) return { start: 0, bytes: 0, position: 0 };
  const content = readSegment(last);
  return { start: last.start, bytes: Buffer.byteLength(content), position: last.start + content.length };
};

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
const splitsPair = (text: string, at: number): boolean =>
  at > 0 &&
  at < text.length &&
  isHighSurrogate(text.charCodeAt(at - 1)) &&
  isLowSurrogate(text.charCodeAt(at));
const beforePair = (text: string, at: number): number => (splitsPair(text, at) ? at - 1 : at);

/** A limit that would split a pair ends before it, or behind it where nothing else would be left. */
const endOfPage = (text: string, from: number, limit: number): number => {
  const to = Math.min(text.length, from + Math.max(1, limit));
  if (!splitsPair(text, to)) return to;
  return to - 1 > from ? to - 1 : to + 1;
};

/** The longest start of `text` that has at most `bytes` bytes in UTF-8. */
const prefixWithin = (text: string, bytes: number): string => {
  if (text.length * 3 <= bytes || Buffer.byteLength(text) <= bytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.max(0, bytes)));
  return text.slice(0, read);
};
