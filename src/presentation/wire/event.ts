import { z } from 'zod';
import type { JobEvent } from '../../domain/events.ts';
import { inertText } from './inertText.ts';
import { snakeObject } from './snakeCase.ts';
import { isoTime } from './task.ts';

/** An event: its number within the job, its time, its type and what the type carries. */
export const eventAnswerSchema = z.looseObject({
  job_id: z.string(),
  seq: z.number(),
  at: z.string(),
  type: z.string(),
});
export type EventAnswer = z.infer<typeof eventAnswerSchema>;

export const eventToWire = ({ jobId, seq, at, happening }: JobEvent): EventAnswer => ({
  ...snakeObject(happening, (text) => inertText(text, 2000)),
  job_id: jobId,
  seq,
  at: isoTime(at),
  type: happening.type,
});

export const eventsAnswerSchema = z.object({
  job_id: z.string(),
  events: z.array(eventAnswerSchema).readonly(),
  /** Ask again with this as `after`; absent where these were the last. */
  next_after: z.number().optional(),
});
export type EventsAnswer = z.infer<typeof eventsAnswerSchema>;

/** What a follower of all jobs hears: that something happened, not what it carried. */
export const followedEventSchema = z.object({
  job_id: z.string(),
  seq: z.number(),
  at: z.string(),
  type: z.string(),
  task_id: z.string().optional(),
});
export type FollowedEvent = z.infer<typeof followedEventSchema>;

export const followedToWire = ({ jobId, seq, at, happening }: JobEvent): FollowedEvent => ({
  job_id: jobId,
  seq,
  at: isoTime(at),
  type: happening.type,
  ...('taskId' in happening ? { task_id: happening.taskId } : {}),
});
