import { z } from 'zod';
import type { JobView } from '../../application/api.ts';

export const progressSchema = z.object({ done: z.number(), total: z.number(), percent: z.number() });
export type Progress = z.infer<typeof progressSchema>;

/** Only `done` tasks count: a skipped task is no progress. */
export const progressOf = ({ tasks }: Pick<JobView, 'tasks'>): Progress => {
  const done = tasks.filter((task) => task.status === 'done').length;
  return {
    done,
    total: tasks.length,
    percent: tasks.length === 0 ? 0 : Math.floor((done / tasks.length) * 100),
  };
};

export const statisticsSchema = z.object({
  total: z.number(),
  done: z.number(),
  failed: z.number(),
  skipped: z.number(),
  cancelled: z.number(),
  attempts: z.number(),
  verified: z.number(),
});
export type Statistics = z.infer<typeof statisticsSchema>;

const VERIFIED: ReadonlySet<string> = new Set(['proved', 'held', 'passed']);

export const statisticsOf = ({ tasks }: Pick<JobView, 'tasks'>): Statistics => {
  const count = (status: string): number => tasks.filter((task) => task.status === status).length;
  return {
    total: tasks.length,
    done: count('done'),
    failed: count('failed'),
    skipped: count('skipped'),
    cancelled: count('cancelled'),
    attempts: tasks.reduce((sum, task) => sum + task.attempts, 0),
    verified: tasks.filter((task) => VERIFIED.has(task.verification)).length,
  };
};
