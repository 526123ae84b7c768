import { z } from 'zod';
import { prioritySchema, type Task, taskStatusSchema, verificationSchema } from '../../domain/task.ts';
import { errorAnswerSchema, errorRecordToWire } from './error.ts';
import { inertLine, inertText } from './inertText.ts';

export const taskAnswerSchema = z.object({
  id: z.string(),
  title: z.string(),
  status: taskStatusSchema,
  attempts: z.number(),
  seconds: z.number(),
  cost_usd: z.number(),
  verification: verificationSchema,
  verification_note: z.string().optional(),
  summary: z.string().optional(),
  error: errorAnswerSchema.optional(),
  reason: z.string().optional(),
  kept_worktree: z.string().optional(),
});
export type TaskAnswer = z.infer<typeof taskAnswerSchema>;

/** Milliseconds since the epoch as ISO 8601. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Money to a hundredth of a cent, seconds to a tenth: more digits are noise that an agent pays for. */
export const roundUsd = (usd: number): number => Math.round(usd * 10_000) / 10_000;
export const roundSeconds = (seconds: number): number => Math.round(seconds * 10) / 10;

/**
 * A task as every face shows it. A failed one carries `error`; a skipped or cancelled one the `reason`.
 * @param summaryCharacters how much of the worker's last words to show; 0 leaves them out.
 */
export const taskToWire = (task: Task, summaryCharacters: number): TaskAnswer => ({
  id: task.spec.id,
  title: inertLine(task.spec.title, 200),
  status: task.status,
  attempts: task.attempts,
  seconds: roundSeconds(task.seconds),
  cost_usd: roundUsd(task.costUsd),
  verification: task.verification,
  ...(task.verificationNote === undefined
    ? {}
    : { verification_note: inertText(task.verificationNote, 400) }),
  ...(task.summary === undefined || summaryCharacters === 0
    ? {}
    : { summary: inertText(task.summary, summaryCharacters) }),
  ...causeOf(task),
  ...(task.keptWorktree === undefined ? {} : { kept_worktree: task.keptWorktree }),
});

const causeOf = (task: Task): Pick<TaskAnswer, 'error' | 'reason'> => {
  if (task.error === undefined) return {};
  return task.status === 'skipped' || task.status === 'cancelled'
    ? { reason: inertText(task.error.message, 600) }
    : { error: errorRecordToWire(task.error) };
};

/** Where a request and a prompt are cut for readers without a limit, characters. */
export const WHOLE_TEXT_CHARACTERS = 20_000;

/** A task with everything that is known of it; each text is cut by itself. */
export const detailedTaskAnswerSchema = taskAnswerSchema.extend({
  prompt: z.string(),
  depends_on: z.array(z.string()).readonly(),
  /** Tasks that the scheduler ordered it behind, on top of `depends_on`. */
  ordered_after: z.array(z.string()).readonly(),
  verify: z.string().optional(),
  model: z.string().optional(),
  writes: z.array(z.string()).readonly().optional(),
  priority: prioritySchema,
  started_at: z.string().optional(),
  ended_at: z.string().optional(),
  repairs: z.number(),
  commit: z.string().optional(),
  files_changed: z.array(z.string()).readonly(),
});
export type DetailedTaskAnswer = z.infer<typeof detailedTaskAnswerSchema>;

export const detailedTaskToWire = (task: Task): DetailedTaskAnswer => {
  const { spec } = task;
  return {
    ...taskToWire(task, 4000),
    prompt: inertText(spec.prompt, WHOLE_TEXT_CHARACTERS),
    depends_on: spec.dependsOn,
    ordered_after: task.orderedAfter,
    ...(spec.verify === undefined ? {} : { verify: inertText(spec.verify, 10_000) }),
    ...(spec.model === undefined ? {} : { model: spec.model }),
    ...(spec.writes === undefined ? {} : { writes: spec.writes.map((path) => inertLine(path, 4096)) }),
    priority: spec.priority,
    ...(task.startedAt === undefined ? {} : { started_at: isoTime(task.startedAt) }),
    ...(task.endedAt === undefined ? {} : { ended_at: isoTime(task.endedAt) }),
    repairs: task.repairs,
    ...(task.commit === undefined ? {} : { commit: task.commit }),
    files_changed: task.filesChanged.map((path) => inertLine(path, 4096)),
  };
};
