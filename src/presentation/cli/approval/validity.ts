import { z } from 'zod';

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const MOST_SECONDS = 3600;
const MOST_USES = 100;

/** `90s`, `15m`, `1h` as seconds, at most an hour. */
export const validForSchema = z
  .string()
  .regex(/^\d{1,4}[smh]$/, 'must look like 90s, 15m or 1h')
  .transform((text) => Number(text.slice(0, -1)) * (UNIT_SECONDS[text.slice(-1)] ?? 0))
  .pipe(z.number().min(1, 'must be at least 1s').max(MOST_SECONDS, 'must be at most 1h'));

/** How many runs of exactly this call an approval is good for. */
export const usesSchema = z
  .string()
  .regex(/^\d{1,3}$/, 'must be a whole number')
  .transform(Number)
  .pipe(z.number().min(1, 'must be at least 1').max(MOST_USES, `must be at most ${MOST_USES}`));
