import { fencedLines } from './requestText.ts';

/** `numbered` 1. or 1) · `step` Step 1: · `section` a heading with a number · `bulleted` -, *, +, • */
export type MarkerStyle = 'numbered' | 'step' | 'section' | 'bulleted';

export type Marker = {
  readonly line: number;
  readonly indent: number;
  readonly style: MarkerStyle;
  /** The bullet, or the punctuation behind the number: another one begins another list. */
  readonly mark: string;
  readonly number: number;
  /** Where the item's own text begins in its line. */
  readonly textAt: number;
};

export type ScannedText = {
  readonly lines: readonly string[];
  readonly markers: readonly Marker[];
  /** For each line how many lines up to it begin a new paragraph that is neither indented nor a list item. */
  readonly paragraphs: readonly number[];
  readonly fenced: readonly boolean[];
};

// Anchored and bounded, so that no line costs more than its length.
const SECTION =
  /^[ \t]{0,3}(#{1,6})[ \t]{1,4}(?:(?:step|task|phase|part)[ \t]{1,4})?(\d{1,3})[ \t]{0,4}[.):–—-]{0,2}[ \t]{0,4}/i;
const STEP =
  /^([ \t]{0,40})(?:\*\*|__)?(?:step|task|phase|part)[ \t]{1,4}#?(\d{1,3})[ \t]{0,4}(?:\*\*|__)?[ \t]{0,2}([.):–—]|-(?=\s))(?:\*\*|__)?[ \t]{0,8}/i;
const NUMBERED = /^([ \t]{0,40})(?:\*\*)?\(?(\d{1,4})(?:\.\)|[.)])(?:\*\*)?(?:[ \t]{1,8}|$)/;
const BULLETED = /^([ \t]{0,40})([-*+•‣◦–])(?:[ \t]{1,8}|$)/;

const widthOf = (indent: string): number => indent.replaceAll('\t', '    ').length;

const sectionAt = (text: string, line: number): Marker | undefined => {
  const section = SECTION.exec(text);
  if (section === null) return undefined;
  const [whole, mark, number] = section;
  return {
    line,
    indent: 0,
    style: 'section',
    mark: mark ?? '',
    number: Number(number),
    textAt: whole.length,
  };
};

const stepAt = (text: string, line: number): Marker | undefined => {
  const step = STEP.exec(text);
  if (step === null) return undefined;
  const [whole, indent, number] = step;
  return {
    line,
    indent: widthOf(indent ?? ''),
    style: 'step',
    mark: 'step',
    number: Number(number),
    textAt: whole.length,
  };
};

const numberedAt = (text: string, line: number): Marker | undefined => {
  const numbered = NUMBERED.exec(text);
  if (numbered === null) return undefined;
  const [whole, indent, number] = numbered;
  const mark = whole.includes(')') ? ')' : '.';
  return {
    line,
    indent: widthOf(indent ?? ''),
    style: 'numbered',
    mark,
    number: Number(number),
    textAt: whole.length,
  };
};

const bulletAt = (text: string, line: number): Marker | undefined => {
  const bullet = BULLETED.exec(text);
  // "- - -" and "* * *" are rules between parts of a text.
  if (bullet === null || /^(?:[-*+•–][ \t]{0,4}){2,}$/.test(text.slice(0, 80).trim())) return undefined;
  const [whole, indent, mark] = bullet;
  return {
    line,
    indent: widthOf(indent ?? ''),
    style: 'bulleted',
    mark: mark ?? '',
    number: 0,
    textAt: whole.length,
  };
};

/** The first character decides which forms a line can have: most lines of a long text have none. */
const markerAt = (text: string, line: number): Marker | undefined => {
  const first = /^[ \t]{0,40}(.)/.exec(text)?.[1] ?? '';
  if (first === '#') return sectionAt(text, line);
  if (/[\d(]/.test(first)) return numberedAt(text, line);
  if (first === '*') return stepAt(text, line) ?? numberedAt(text, line) ?? bulletAt(text, line);
  if (/[-+•‣◦–]/.test(first)) return bulletAt(text, line);
  return /[stp_]/i.test(first) ? stepAt(text, line) : undefined;
};

/** A text with more than this is pasted data (a log, a listing), and its lists are no list of tasks. */
const MOST_LINES = 50_000;
const MOST_MARKERS = 5_000;

const hasTooManyLines = (text: string): boolean => {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
    if (++count > MOST_LINES) return true;
  return false;
};

/**
 * Finds all that looks like the begin of a list item, fenced code left out. One pass. Undefined where there
 * is so much of it that the text must be pasted data.
 */
export const scanText = (text: string): ScannedText | undefined => {
  if (hasTooManyLines(text)) return undefined;
  const lines = text.split(/\r?\n/);
  const fenced = fencedLines(lines);
  const markers: Marker[] = [];
  const paragraphs: number[] = [];
  let count = 0;
  let afterBlank = true;
  for (const [at, line] of lines.entries()) {
    const marker = fenced[at] === true ? undefined : markerAt(line, at);
    if (marker !== undefined && markers.push(marker) > MOST_MARKERS) return undefined;
    const blank = line.trim() === '';
    if (!blank && marker === undefined && fenced[at] !== true && !/^(?: {2}|\t)/.test(line)) {
      if (afterBlank || isHeadingLike(line)) count++;
    }
    paragraphs.push(count);
    afterBlank = blank;
  }
  return { lines, markers, paragraphs, fenced };
};

/** True of a line that introduces what follows: "Backend:", "## Backend", "**Backend**". */
export const isHeadingLike = (line: string): boolean =>
  line.length <= 300 && /^(?:#{1,6}\s|\*\*[^*]{1,200}\*\*:?$)|:(?:\*\*)?$/.test(line.trim());
