import type { z } from 'zod';

/** What a figure must be to hold; a figure without a bar is shown for comparison only. */
export type Bar = { readonly atMost: number } | { readonly atLeast: number };

/** One measured number, as the table and the JSON show it. */
export type Figure = {
  /** Letter of the bench: a, b, c, d. */
  readonly bench: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar?: Bar;
  /** What the number is made of: counts, the parts of a ratio. */
  readonly note?: string;
};

/** What a bench gives back: its figures, and every single run that they are made of. */
export type BenchResult = {
  readonly figures: readonly Figure[];
  readonly runs: readonly z.core.util.JSONType[];
};

export type BenchOptions = {
  readonly pairs: number;
  readonly signal: AbortSignal;
  /** Hears of each run, for a person who waits. */
  readonly say: (line: string) => void;
};

export const held = ({ value, bar }: Figure): boolean | undefined => {
  if (bar === undefined) return undefined;
  return 'atMost' in bar ? value <= bar.atMost : value >= bar.atLeast;
};

/** Middle of the values, or the mean of the two in the middle; NaN where there are none. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
