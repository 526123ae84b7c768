import { z } from 'zod';
import { isolationSchema, type JobSpec, jobSpecSchema } from '../../domain/job.ts';
import {
  budgetUsdSchema,
  commandSchema,
  modelSchema,
  prioritySchema,
  promptSchema,
  relativePathSchema,
  timeoutSecondsSchema,
} from '../../domain/task.ts';
import { maxWorkersField, waitSecondsField, workspaceField } from './fields.ts';
import { invalidArguments } from './invalidArguments.ts';
import { taskInputsSchema, tasksFromWire } from './taskSpec.ts';

export const orchestrateInputSchema = z.strictObject({
  request: promptSchema.describe('The goal; every worker reads it'),
  workspace: workspaceField,
  tasks: taskInputsSchema.optional().describe('Explicit plan; without it the request is split for you'),
  setup: commandSchema.optional().describe('Run once in each new worktree (e.g. npm ci)'),
  copy: z.array(relativePathSchema).max(200).default([]).describe('Ignored files to bring along (.env)'),
  verify: commandSchema.optional().describe('Run on the merged result'),
  isolation: isolationSchema.default('worktree').describe('shared: a folder without git'),
  fresh: z.boolean().default(false).describe('New worktree and process per task'),
  apply: z.enum(['branch', 'merge']).default('branch').describe("merge also moves the user's branch"),
  allow_unverified: z.boolean().default(false).describe('Let apply=merge pass without any verify'),
  max_workers: maxWorkersField.optional(),
  budget_usd: budgetUsdSchema.optional(),
  timeout_seconds: timeoutSecondsSchema.optional().describe('Per task'),
  priority: prioritySchema.default('normal'),
  model: modelSchema.optional(),
  idempotency_key: z.string().min(1).max(200).optional().describe('Same key and body = same job'),
  wait_seconds: waitSecondsField.default(0),
});

/** The same without the wait, which is a call of its own. */
export const submitInputSchema = orchestrateInputSchema.omit({ wait_seconds: true });
export type SubmitInput = z.infer<typeof submitInputSchema>;

/**
 * What `orchestrate` was given, in the core's terms; the domain's own schema has the last word.
 * @throws TaskValidationError naming the fields.
 */
export const jobSpecFromWire = (input: SubmitInput): JobSpec => {
  const parsed = jobSpecSchema.safeParse({
    request: input.request,
    workspace: input.workspace,
    tasks: input.tasks === undefined ? undefined : tasksFromWire(input.tasks, input.priority),
    setup: input.setup,
    copy: input.copy,
    verify: input.verify,
    isolation: input.isolation,
    fresh: input.fresh,
    apply: input.apply,
    allowUnverified: input.allow_unverified,
    maxWorkers: input.max_workers,
    budgetUsd: input.budget_usd,
    timeoutSeconds: input.timeout_seconds,
    priority: input.priority,
    model: input.model,
  });
  if (!parsed.success) throw invalidArguments('orchestrate', parsed.error);
  return parsed.data;
};
