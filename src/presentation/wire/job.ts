import { z } from 'zod';
import type { JobView } from '../../application/api.ts';
import { isolationSchema, jobStatusSchema } from '../../domain/job.ts';
import { costOf, progressOf, statisticsOf } from '../../domain/jobFigures.ts';
import { prioritySchema, type Task } from '../../domain/task.ts';
import { fitList, SHARE } from './answerSize.ts';
import { waitingSchema } from './approval.ts';
import { waitingToWire } from './approvalToWire.ts';
import { errorAnswerSchema, errorRecordToWire } from './error.ts';
import { inertLine, inertText } from './inertText.ts';
import { nextStep } from './next.ts';
import { progressSchema, statisticsSchema } from './statistics.ts';
import { type Approvers, NO_APPROVERS } from './surroundings.ts';
import {
  detailedTaskAnswerSchema,
  detailedTaskToWire,
  isoTime,
  roundUsd,
  type TaskAnswer,
  taskAnswerSchema,
  taskToWire,
  WHOLE_TEXT_CHARACTERS,
} from './task.ts';

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

/** What went wrong first, then what is under way: where a list must be cut, the rest is the least missed. */
const RANK: Readonly<Record<Task['status'], number>> = {
  failed: 0,
  cancelled: 1,
  skipped: 1,
  parked: 1,
  running: 2,
  verifying: 2,
  ready: 3,
  waiting: 4,
  done: 5,
};

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

const warningsOf = ({ warnings }: JobView['job']): readonly string[] =>
  warnings.map((warning) => inertText(warning, 500));

const refsOf = ({ refs }: Attention): readonly string[] => refs.map((ref) => inertLine(ref, 300));

const attentionToWire = (attention: Attention): NonNullable<JobAnswer['attention']> => ({
  reason: inertText(attention.reason, 800),
  refs: fitList(refsOf(attention), SHARE.notes / 4, () => 0).kept,
  ...(attention.wants === undefined ? {} : { wants: attention.wants }),
});

type Lists = {
  readonly tasks: readonly TaskAnswer[];
  readonly files: readonly string[];
  readonly omitted: JobAnswer['omitted'];
};

const fittedLists = ({ job, tasks }: JobView, options: JobAnswerOptions): Lists => {
  // Many tasks: first their words are shortened, only then tasks are left out.
  const characters = options.summaryCharacters ?? (tasks.length > 40 ? 120 : 400);
  const fitted = fitList(
    tasks.map((task) => taskToWire(task, characters)),
    options.listBytes ?? SHARE.list,
    (task) => RANK[task.status],
  );
  const files = fitList(
    job.filesChanged.slice(0, 200).map((path) => inertLine(path, 300)),
    SHARE.files,
    () => 0,
  );
  const lost = { tasks: fitted.omitted, files_changed: job.filesChanged.length - files.kept.length };
  return {
    tasks: fitted.kept,
    files: files.kept,
    omitted: lost.tasks + lost.files_changed > 0 ? lost : undefined,
  };
};

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
