import { z } from 'zod';
import { type HealthAnswer, healthAnswerSchema } from './health.ts';
import { roundUsd } from './task.ts';

export const systemAnswerSchema = healthAnswerSchema.extend({
  /** What all jobs have cost since midnight of the server's time, USD. */
  spend_today_usd: z.number(),
});
export type SystemAnswer = z.infer<typeof systemAnswerSchema>;

/** @param spentToday USD since midnight of the server's time. */
export const systemToWire = (health: HealthAnswer, spentToday: number): SystemAnswer => ({
  ...health,
  spend_today_usd: roundUsd(spentToday),
});
