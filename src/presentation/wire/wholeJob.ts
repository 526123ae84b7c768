import { z } from 'zod';
import type { JobView } from '../../application/api.ts';
import { isolationSchema } from '../../domain/job.ts';
import { prioritySchema } from '../../domain/task.ts';
import { inertLine, inertText } from './inertText.ts';
import { jobAnswerSchema, jobToWire, refsOf, warningsOf } from './job.ts';
import { type Approvers, NO_APPROVERS } from './surroundings.ts';
import { detailedTaskAnswerSchema, detailedTaskToWire, WHOLE_TEXT_CHARACTERS } from './task.ts';

/** What the whole job has, in words for those who may ask for it. */
export const OF_THE_WHOLE_JOB = `all tasks, files, warnings and references; request and prompts cut at ${WHOLE_TEXT_CHARACTERS.toLocaleString('en-US')} characters`;

/**
 * A job for readers without a limit (the dashboard, `job://`): no entry of a list is left out. Each text is still
 * cut by itself: request and prompts at `WHOLE_TEXT_CHARACTERS`, what workers and we say of them far sooner.
 */
export const wholeJobAnswerSchema = jobAnswerSchema.omit({ omitted: true }).extend({
  request: z.string(),
  workspace: z.string(),
  priority: prioritySchema,
  /** The commands and the choices of the request, as far as it made them. */
  setup: z.string().optional(),
  verify: z.string().optional(),
  isolation: isolationSchema,
  apply: z.enum(['branch', 'merge']),
  max_workers: z.number().optional(),
  budget_usd: z.number().optional(),
  /** Number of the job's last event: follow its events from here. */
  seq: z.number(),
  tasks: z.array(detailedTaskAnswerSchema).readonly(),
});
export type WholeJobAnswer = z.infer<typeof wholeJobAnswerSchema>;

export const wholeJobToWire = (view: JobView, approvers: Approvers = NO_APPROVERS): WholeJobAnswer => {
  const { job, tasks } = view;
  const { omitted, ...fitted } = jobToWire(view, { listBytes: 0, approvers });
  return {
    ...fitted,
    request: inertText(job.spec.request, WHOLE_TEXT_CHARACTERS),
    workspace: inertLine(job.spec.workspace, 4096),
    priority: job.spec.priority,
    ...(job.spec.setup === undefined ? {} : { setup: inertText(job.spec.setup, 10_000) }),
    ...(job.spec.verify === undefined ? {} : { verify: inertText(job.spec.verify, 10_000) }),
    isolation: job.spec.isolation,
    apply: job.spec.apply,
    ...(job.spec.maxWorkers === undefined ? {} : { max_workers: job.spec.maxWorkers }),
    ...(job.spec.budgetUsd === undefined ? {} : { budget_usd: job.spec.budgetUsd }),
    seq: view.seq,
    tasks: tasks.map(detailedTaskToWire),
    files_changed: job.filesChanged.map((path) => inertLine(path, 4096)),
    warnings: warningsOf(job),
    ...(fitted.attention === undefined || job.attention === undefined
      ? {}
      : { attention: { ...fitted.attention, refs: refsOf(job.attention) } }),
  };
};
