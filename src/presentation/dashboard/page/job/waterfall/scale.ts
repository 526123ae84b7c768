import type { Span } from '../model/attempts.ts';

/** From time to pixels: the window of time that is shown lies between `left` and `left + width`. */
export type Scale = { readonly window: Span; readonly left: number; readonly width: number };

export const ROW = { height: 30, bar: 18, axis: 26 } as const;

export const xOf = ({ window, left, width }: Scale, at: number): number =>
  left + ((at - window.from) / Math.max(1, window.to - window.from)) * width;

export const timeOf = ({ window, left, width }: Scale, x: number): number =>
  window.from + ((x - left) / Math.max(1, width)) * (window.to - window.from);

/** A stretch in pixels, at least `least` wide so that it can be seen. */
export const stretch = (
  scale: Scale,
  span: Span,
  least = 2,
): { readonly x: number; readonly width: number } => {
  const x = xOf(scale, span.from);
  return { x, width: Math.max(least, xOf(scale, span.to) - x) };
};
