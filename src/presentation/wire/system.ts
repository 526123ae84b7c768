import { z } from 'zod';
import { healthAnswerSchema } from './health.ts';

export const systemAnswerSchema = healthAnswerSchema.extend({
  /** What all jobs have cost since midnight of the server's time, USD. */
  spend_today_usd: z.number(),
});
export type SystemAnswer = z.infer<typeof systemAnswerSchema>;
