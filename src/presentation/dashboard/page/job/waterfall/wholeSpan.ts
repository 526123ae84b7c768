import type { Span } from '../model/attempts.ts';
import type { Row } from '../model/waterfallRows.ts';

/** All the time that the rows speak of, with a little air behind it. */
export const wholeSpan = (rows: readonly Row[]): Span => {
  const spans: Span[] = [];
  for (const row of rows) {
    if (row.kind === 'job') spans.push(...row.bars);
    else
      for (const bar of row.bars) spans.push({ from: bar.waitFrom ?? bar.from, to: bar.pause?.to ?? bar.to });
  }
  const from = spans.reduce((least, span) => Math.min(least, span.from), Number.POSITIVE_INFINITY);
  const to = spans.reduce((most, span) => Math.max(most, span.to), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(from) || !Number.isFinite(to)) return { from: 0, to: 1000 };
  return { from, to: to + Math.max(1000, (to - from) * 0.015) };
};
