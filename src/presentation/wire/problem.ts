import { z } from 'zod';

/** An error on HTTP: RFC 9457 with the project's own fields. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  /** The HTTP status. */
  status: z.number(),
  /** What happened. */
  detail: z.string(),
  code: z.string(),
  /** What to do next. */
  hint: z.string(),
  retryable: z.boolean(),
  retry_after_ms: z.number().optional(),
  /** Absent inside a batch's answer, whose request has one already. */
  request_id: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;
