import type { Span } from './attempts.ts';

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** Marks of a time axis, milliseconds from `origin`: round steps, at most `most` of them. */
export const ticksOf = (window: Span, origin: number, most: number): readonly number[] => {
  const length = window.to - window.from;
  if (!(length > 0)) return [];
  const step =
    1000 *
    (STEPS_S.find((seconds) => length / (seconds * 1000) <= most) ??
      Math.ceil(length / most / 86_400_000) * 86_400);
  const first = Math.ceil((window.from - origin) / step) * step;
  const ticks: number[] = [];
  for (let at = first; at <= window.to - origin; at += step) ticks.push(at);
  return ticks;
};

const SHORTEST_MS = 1000;

/** `window` kept inside `whole`, at least a second long. */
export const clampWindow = (window: Span, whole: Span): Span => {
  const length = Math.min(Math.max(window.to - window.from, SHORTEST_MS), whole.to - whole.from);
  const from = Math.min(Math.max(window.from, whole.from), whole.to - length);
  return { from, to: from + length };
};

/** The window made `factor` times as long (0.5 zooms in) around the moment `at`. */
export const zoomWindow = (window: Span, factor: number, at: number, whole: Span): Span =>
  clampWindow({ from: at - (at - window.from) * factor, to: at + (window.to - at) * factor }, whole);

/** The window moved by a share of its own length. */
export const panWindow = (window: Span, share: number, whole: Span): Span => {
  const by = (window.to - window.from) * share;
  return clampWindow({ from: window.from + by, to: window.to + by }, whole);
};
