import type { Span } from '../model/attempts.ts';
import type { Row } from '../model/waterfallRows.ts';

type Bar = Span & { readonly key: string };

/** The bar that an arrow key leads to: before or after in its row, or the nearest in time in the next row. */
export const nextBar = (rows: readonly Row[], key: string, arrow: string): string | undefined => {
  const lines: readonly (readonly Bar[])[] = rows.map((row) => row.bars);
  const line = lines.findIndex((bars) => bars.some((bar) => bar.key === key));
  const bars = lines[line] ?? [];
  const index = bars.findIndex((bar) => bar.key === key);
  const at = bars[index];
  if (at === undefined) return undefined;
  if (arrow === 'ArrowLeft') return bars[index - 1]?.key;
  if (arrow === 'ArrowRight') return bars[index + 1]?.key;
  const distance = (bar: Bar): number => Math.abs(bar.from + bar.to - at.from - at.to);
  const step = arrow === 'ArrowDown' ? 1 : -1;
  return lines[line + step]?.reduce<Bar | undefined>(
    (best, bar) => (best === undefined || distance(bar) < distance(best) ? bar : best),
    undefined,
  )?.key;
};
