import { z } from 'zod';

/** What a generator of load is told, as JSON on its command line. */
export const loadOrderSchema = z.object({
  url: z.string(),
  token: z.string(),
  connections: z.number(),
  seconds: z.number(),
  /** Requests a second over all connections; for the paced one only. */
  rate: z.number().optional(),
});
export type LoadOrder = z.infer<typeof loadOrderSchema>;

/** What it says at the end, as one line of JSON. Milliseconds. */
export const loadReportSchema = z.object({
  requests_per_second: z.number(),
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  most: z.number(),
  answers: z.number(),
  /** Answers that were not 200, and connections that broke. */
  failures: z.number(),
});
export type LoadReport = z.infer<typeof loadReportSchema>;

/** The value that `share` of all are not above; NaN where there are none. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
};

export const reportOf = (latencies: readonly number[], seconds: number, failures: number): LoadReport => ({
  requests_per_second: Math.round(latencies.length / seconds),
  p50: quantile(latencies, 0.5),
  p95: quantile(latencies, 0.95),
  p99: quantile(latencies, 0.99),
  most: quantile(latencies, 1),
  answers: latencies.length,
  failures,
});
