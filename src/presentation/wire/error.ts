import { z } from 'zod';
import type { OrchestratorError } from '../../domain/errors/index.ts';
import type { ErrorRecord } from '../../domain/task.ts';
import { inertText } from './inertText.ts';

export const errorAnswerSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  retryable: z.boolean(),
  retry_after_ms: z.number().optional(),
});
export type ErrorAnswer = z.infer<typeof errorAnswerSchema>;

/** An error that is stored with a task or a job. */
export const errorRecordToWire = (error: ErrorRecord): ErrorAnswer => ({
  code: error.code,
  message: inertText(error.message, 1000),
  hint: inertText(error.hint, 500),
  retryable: error.retryable,
});

/** An error that a call ends with: never its stack, its cause or its context, which are for the log. */
export const errorToWire = (error: OrchestratorError): ErrorAnswer => ({
  ...errorRecordToWire(error.toRecord()),
  // The list of a caller's own mistakes is worth its length.
  message: inertText(error.message, 4000),
  ...(error.retryAfterMs === undefined ? {} : { retry_after_ms: error.retryAfterMs }),
});
