import { z } from 'zod';
import type { JobView } from '../../application/api.ts';
import { jobStatusSchema } from '../../domain/job.ts';
import { costOf, progressOf, statisticsOf } from '../../domain/jobFigures.ts';
import { fitList, SHARE } from './answerSize.ts';
import { waitingSchema } from './approval.ts';
import { waitingToWire } from './approvalToWire.ts';
import { errorAnswerSchema, errorRecordToWire } from './error.ts';
import { inertLine, inertText } from './inertText.ts';
import { fittedLists } from './jobLists.ts';
import { nextStep } from './next.ts';
import { progressSchema, statisticsSchema } from './statistics.ts';
import { type Approvers, NO_APPROVERS } from './surroundings.ts';
import { isoTime, roundUsd, taskAnswerSchema } from './task.ts';

export const jobAnswerSchema = z.object({
  job_id: z.string(),
  /** `submitted` only in the answer to the call that made the job. */
  status: z.enum(['submitted', ...jobStatusSchema.options]),
  progress: progressSchema,
  tasks: z.array(taskAnswerSchema).readonly(),
  cost_usd: z.number(),
  branch: z.string().optional(),
  commit: z.string().optional(),
  applied: z.boolean().optional(),
  verification: z.enum(['passed', 'failed', 'none']),
  verification_note: z.string().optional(),
  files_changed: z.array(z.string()).readonly(),
  statistics: statisticsSchema,
  attention: z
    .object({
      reason: z.string(),
      refs: z.array(z.string()).readonly(),
      /** Who submitted the job cannot retry it: the person does, or another approver. */
      wants: z.literal('approver').optional(),
    })
    .optional(),
  /** Calls of workers that wait for a person; absent where none does. */
  approvals: waitingSchema.optional(),
  warnings: z.array(z.string()).readonly(),
  error: errorAnswerSchema.optional(),
  created_at: z.string(),
  ended_at: z.string().optional(),
  /** How many entries of a list were left out; the resource `job://<id>` has all entries. */
  omitted: z.object({ tasks: z.number(), files_changed: z.number() }).optional(),
  next: z.string(),
});
export type JobAnswer = z.infer<typeof jobAnswerSchema>;

export type JobAnswerOptions = {
  readonly submitted?: boolean;
  /** Characters of each task's last words. */
  readonly summaryCharacters?: number;
  /** Bytes for the list of tasks. */
  readonly listBytes?: number;
  readonly reported?: boolean;
  readonly approvers?: Approvers;
};

/** A job as every face shows it; its lists are cut to their `SHARE`. */
export const jobToWire = (view: JobView, options: JobAnswerOptions = {}): JobAnswer => {
  const { job } = view;
  const { tasks, files, omitted } = fittedLists(view, options);
  const approvers = options.approvers ?? NO_APPROVERS;
  const waiting = waitingToWire(view.approvals, approvers);
  return {
    job_id: job.id,
    status: options.submitted ? 'submitted' : job.status,
    progress: progressOf(view.tasks),
    tasks,
    cost_usd: roundUsd(costOf(job, view.tasks)),
    ...(job.branch === undefined ? {} : { branch: job.branch }),
    ...(job.commit === undefined ? {} : { commit: job.commit }),
    ...(job.applied ? { applied: true } : {}),
    verification: job.verification,
    ...(job.verificationNote === undefined
      ? {}
      : { verification_note: inertText(job.verificationNote, 1000) }),
    files_changed: files,
    statistics: statisticsOf(view.tasks),
    ...(job.attention === undefined ? {} : { attention: attentionToWire(job.attention) }),
    ...(waiting === undefined ? {} : { approvals: waiting }),
    warnings: fitList(warningsOf(job), SHARE.notes, () => 0).kept,
    ...(job.error === undefined ? {} : { error: errorRecordToWire(job.error) }),
    created_at: isoTime(job.createdAt),
    ...(job.endedAt === undefined ? {} : { ended_at: isoTime(job.endedAt) }),
    ...(omitted === undefined ? {} : { omitted }),
    next: nextStep(view, { reported: options.reported, approvers, url: waiting?.url }),
  };
};

type Attention = NonNullable<JobView['job']['attention']>;

export const warningsOf = ({ warnings }: JobView['job']): readonly string[] =>
  warnings.map((warning) => inertText(warning, 500));

export const refsOf = ({ refs }: Attention): readonly string[] => refs.map((ref) => inertLine(ref, 300));

const attentionToWire = (attention: Attention): NonNullable<JobAnswer['attention']> => ({
  reason: inertText(attention.reason, 800),
  refs: fitList(refsOf(attention), SHARE.notes / 4, () => 0).kept,
  ...(attention.wants === undefined ? {} : { wants: attention.wants }),
});
