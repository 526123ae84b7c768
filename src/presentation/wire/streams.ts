import { z } from 'zod';

/** `event: progress` of a wait. */
export const waitProgressSchema = z.object({
  done: z.number(),
  /** 0 as long as there is no plan. */
  total: z.number(),
  ended: z.boolean(),
  message: z.string().optional(),
});

/** `event: log` of a task's log; its id is where the next piece begins. */
export const logPieceSchema = z.object({ offset: z.number(), text: z.string(), size: z.number() });
export type LogPiece = z.infer<typeof logPieceSchema>;
