import { z } from 'zod';

export const progressSchema = z.object({ done: z.number(), total: z.number(), percent: z.number() });

export const statisticsSchema = z.object({
  total: z.number(),
  done: z.number(),
  failed: z.number(),
  skipped: z.number(),
  cancelled: z.number(),
  attempts: z.number(),
  verified: z.number(),
});
