/**
 * Long requests are mostly pasted material (logs, listings); what they ask for stands at the ends. Heuristics
 * that read wording look at this much of each end, so that a megabyte costs no more than a page.
 */
const HEAD = 24_000;
const TAIL = 8_000;

const FENCE = /^ {0,8}(`{3,}|~{3,})(.*)$/;

/** For each line whether it is part of a fenced code block, the fences themselves included (CommonMark). */
export const fencedLines = (lines: readonly string[]): readonly boolean[] => {
  let open: string | undefined;
  return lines.map((line) => {
    const fence = line.includes('```') || line.includes('~~~') ? FENCE.exec(line) : null;
    if (open === undefined) {
      open = fence?.[1];
      return open !== undefined;
    }
    const mark = fence?.[1];
    const closes = mark?.startsWith(open) === true && fence?.[2]?.trim() === '';
    if (closes) open = undefined;
    return true;
  });
};

/** The text with every character of fenced code replaced by a space: same length, so places still match. */
export const withoutCode = (text: string): string => {
  const lines = text.split('\n');
  const fenced = fencedLines(lines);
  return lines.map((line, at) => (fenced[at] === true ? ' '.repeat(line.length) : line)).join('\n');
};

/** The wording of a request, code left out, at most about 32,000 characters of it. */
export const wording = (request: string): string => {
  if (request.length <= HEAD + TAIL) return withoutCode(request);
  return `${withoutCode(request.slice(0, HEAD))}\n\n${withoutCode(request.slice(-TAIL))}`;
};

/** At most `limit` characters: whole where it fits, else head and tail with the cut marked. */
export const shorten = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  const head = Math.ceil(limit * 0.75);
  const tail = limit - head;
  return `${text.slice(0, head)}\n[… ${text.length - limit} characters left out …]\n${text.slice(-tail)}`;
};
