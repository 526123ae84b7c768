import { isHeadingLike, type Marker, type ScannedText } from './listMarkers.ts';

/** A list as it stands in the text: its items' first lines, and the line after its last one. */
export type ListRun = {
  readonly markers: readonly Marker[];
  readonly end: number;
};

/** Lists of two items and more, in order, none inside another. */
export const listRuns = (text: ScannedText): readonly ListRun[] => {
  const runs: ListRun[] = [];
  for (let at = 0; at < text.markers.length; ) {
    const run = runFrom(text, at);
    if (run.markers.length > 1) runs.push(run);
    // What stands inside an item is the item's own, even where it looks like a list.
    const end = run.markers.length > 1 ? run.end : (text.markers[at]?.line ?? 0) + 1;
    do at++;
    while ((text.markers[at]?.line ?? end) < end);
  }
  return runs;
};

const runFrom = (text: ScannedText, from: number): ListRun => {
  const members: Marker[] = [];
  for (let at = from; at < text.markers.length; at++) {
    const marker = text.markers[at];
    const last = members.at(-1);
    if (marker === undefined) break;
    if (last === undefined) {
      members.push(marker);
      continue;
    }
    const step = relation(text, last, marker);
    if (step === 'ends') break;
    if (step === 'next') members.push(marker);
  }
  return { markers: members, end: endOf(text, members) };
};

/** Is `marker` the item after `last`, something inside `last`, or no part of the list? */
const relation = (text: ScannedText, last: Marker, marker: Marker): 'next' | 'inside' | 'ends' => {
  const parted = paragraphsBetween(text, last.line, marker.line) > 0;
  if (last.style === 'bulleted') {
    if (parted) return 'ends';
    if (marker.indent > last.indent + 1) return 'inside';
    return marker.style === 'bulleted' && marker.mark === last.mark && marker.indent >= last.indent - 1
      ? 'next'
      : 'ends';
  }
  // People write sub-bullets of a numbered item without indenting them.
  if (marker.indent > last.indent + 1 || marker.style === 'bulleted') return 'inside';
  // A section holds whatever lists it likes.
  if (last.style === 'section' && marker.style !== 'section') return 'inside';
  if (marker.style !== last.style || marker.mark !== last.mark || marker.indent < last.indent - 1)
    return 'ends';
  // Markdown numbers an ordered list by itself, so some people write "1." before every item.
  return marker.number === last.number + 1 || (marker.number === last.number && last.number <= 1)
    ? 'next'
    : 'ends';
};

const paragraphsBetween = (text: ScannedText, from: number, to: number): number =>
  (text.paragraphs[to] ?? 0) - (text.paragraphs[from] ?? 0);

/** The last item may have as many further paragraphs as the longest one before it had; a section has all of its own. */
const endOf = (text: ScannedText, members: readonly Marker[]): number => {
  const last = members.at(-1);
  if (last === undefined) return 0;
  let allowed = last.style === 'section' ? Number.POSITIVE_INFINITY : 0;
  for (const [at, marker] of members.entries()) {
    const next = members[at + 1];
    if (next !== undefined) allowed = Math.max(allowed, paragraphsBetween(text, marker.line, next.line));
  }
  for (let line = last.line + 1; line < text.lines.length; line++) {
    if (paragraphsBetween(text, last.line, line) > allowed) return line;
    const words = text.lines[line] ?? '';
    if (text.fenced[line] !== true && /^#{1,6}\s/.test(words) && isHeadingLike(words)) {
      if (last.style !== 'section' || headingLevel(words) <= last.mark.length) return line;
    }
  }
  return text.lines.length;
};

const headingLevel = (line: string): number => /^#*/.exec(line)?.[0].length ?? 0;
