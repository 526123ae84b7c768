import { z } from 'zod';
import { jobIdSchema, taskIdSchema } from '../../domain/ids.ts';
import { inertText } from './inertText.ts';

/** A page stands twice in an answer (text and structured), at up to 3 bytes a character: 96,000 bytes. */
const PAGE_CHARACTERS = 16_000;

export const taskOutputInputSchema = z.strictObject({
  job_id: jobIdSchema,
  task_id: taskIdSchema,
  offset: z.number().int().min(0).default(0).describe('Characters'),
  limit: z.number().int().min(1).max(PAGE_CHARACTERS).default(8000),
});

/** Beside the tool's schema, whose page a model pays for in tokens: programs and people read longer ones. */
export const taskLogInputSchema = taskOutputInputSchema.extend({
  limit: z.number().int().min(1).max(200_000).default(8000),
});

export const taskOutputAnswerSchema = z.object({
  job_id: z.string(),
  task_id: z.string(),
  text: z.string(),
  offset: z.number(),
  size: z.number(),
  next_offset: z.number().optional(),
});
export type TaskOutputAnswer = z.infer<typeof taskOutputAnswerSchema>;

/** One page of a task's log, as inert text; offsets count the characters of the log as it is stored. */
export const taskOutputToWire = (
  asked: z.infer<typeof taskLogInputSchema>,
  page: { readonly text: string; readonly size: number; readonly nextOffset: number | undefined },
): TaskOutputAnswer => ({
  job_id: asked.job_id,
  task_id: asked.task_id,
  text: inertText(page.text, asked.limit),
  offset: asked.offset,
  size: page.size,
  ...(page.nextOffset === undefined ? {} : { next_offset: page.nextOffset }),
});
