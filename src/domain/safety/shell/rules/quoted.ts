/**
 * `text` without what stands between quotes, the quotes kept, in one pass: backtracking over quotes that never
 * close would take minutes. What no quote closes stays, and counts as code.
 * @param lines a quote ends at the end of its line at the latest, unless it is a triple one.
 */
export const withoutQuoted = (text: string, quotes: string, lines: boolean): string => {
  const out: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const quote = text[at] ?? '';
    if (!quotes.includes(quote)) continue;
    const triple = lines && text.startsWith(quote.repeat(3), at);
    const end = triple ? text.indexOf(quote.repeat(3), at + 3) : closing(text, at, quote, lines);
    if (end === -1) {
      const line = lines && !triple ? text.indexOf('\n', at) : -1;
      if (line === -1) break;
      at = line;
      continue;
    }
    out.push(text.slice(from, at + 1), quote);
    at = triple ? end + 2 : end;
    from = at + 1;
  }
  out.push(text.slice(from));
  return out.join('');
};

const closing = (text: string, start: number, quote: string, lines: boolean): number => {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
    else if (lines && text[at] === '\n') return -1;
  }
  return -1;
};

/** Text between `/*` and its end: `keep` says what stands in its place. */
export const withoutComments = (text: string, keep: (comment: string) => string): string => {
  const out: string[] = [];
  let from = 0;
  for (let at = text.indexOf('/*'); at !== -1; at = text.indexOf('/*', from)) {
    const end = text.indexOf('*/', at + 2);
    if (end === -1) break;
    out.push(text.slice(from, at), keep(text.slice(at, end + 2)));
    from = end + 2;
  }
  out.push(text.slice(from));
  return out.join('');
};
