import { z } from 'zod';
import { jobAnswerSchema } from './job.ts';
import { submitInputSchema } from './jobSpec.ts';
import { problemSchema } from './problem.ts';

export const BATCH_REQUESTS = 100;

export const batchInputSchema = z.strictObject({
  requests: z.array(submitInputSchema).min(1).max(BATCH_REQUESTS),
});

/** One answer a request, in their order: the job, or why there is none. */
export const batchItemSchema = z.union([
  z.object({ index: z.number(), status: z.literal(202), job: jobAnswerSchema }),
  z.object({ index: z.number(), status: z.number(), error: problemSchema }),
]);
export type BatchItem = z.infer<typeof batchItemSchema>;

export const batchAnswerSchema = z.object({ answers: z.array(batchItemSchema).readonly() });
export type BatchAnswer = z.infer<typeof batchAnswerSchema>;
