import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '../../../domain/errors/index.ts';
import { isolationSchema } from '../../../domain/job.ts';
import { prioritySchema } from '../../../domain/task.ts';
import type { SubmitInput } from '../../wire/jobSpec.ts';
import { PROGRAM } from '../command.ts';
import type { CliClient, CliDeps } from '../deps.ts';
import type { PlanFile } from './planSchema.ts';

export const APPLY = ['branch', 'merge'] as const;

export const runOptionsSchema = z.object({
  workspace: z.string().optional(),
  plan: z.string().optional(),
  task: z.array(z.string()).default([]),
  taskVerify: z.array(z.string()).default([]),
  verify: z.string().optional(),
  setup: z.string().optional(),
  copy: z.array(z.string()).optional(),
  apply: z.enum(APPLY).optional(),
  allowUnverified: z.boolean().optional(),
  isolation: isolationSchema.optional(),
  fresh: z.boolean().optional(),
  maxWorkers: z.coerce.number('must be a number').optional(),
  budget: z.coerce.number('must be a number').optional(),
  timeout: z.coerce.number('must be a number').optional(),
  priority: prioritySchema.optional(),
  model: z.string().optional(),
  idempotencyKey: z.string().optional(),
  detach: z.boolean().default(false),
  plain: z.boolean().default(false),
  json: z.boolean().default(false),
});
export type RunOptions = z.output<typeof runOptionsSchema>;

/** The job that plan file and flags make together. @throws OrchestratorError naming what is wrong. */
export const jobOf = async (
  request: string | undefined,
  o: RunOptions,
  deps: CliDeps,
): Promise<Parameters<CliClient['submit']>[0]> => {
  if (request === '-' && o.plan === '-') {
    throw new ConfigurationError('Request and plan cannot both come from standard input.', {
      hint: 'Write the request behind `run`, or into the plan.',
    });
  }
  const folder = deps.folder();
  // Loaded late: other commands need no YAML.
  const plan: PlanFile =
    o.plan === undefined ? {} : await (await import('./readPlan.ts')).readPlan(o.plan, folder, deps.stdin);
  const whole = request === '-' ? (await deps.stdin()).trim() : request;
  const tasks = await tasksOf(o, plan);
  const asked = whole ?? plan.request ?? tasks?.map((task) => task.title ?? task.prompt).join('\n');
  if (asked === undefined || asked.trim() === '') {
    throw new ConfigurationError('There is nothing to do: no request, no --task and no --plan.', {
      hint: `Say what is to be done: \`${PROGRAM} run "what is to be done"\`.`,
    });
  }
  const isolation = o.isolation ?? plan.isolation;
  return {
    ...plan,
    ...given(o),
    request: asked,
    ...(tasks === undefined ? {} : { tasks: [...tasks] }),
    workspace: await workspaceOf(o, plan, isolation, deps),
  };
};

const tasksOf = async (
  o: RunOptions,
  plan: PlanFile,
): Promise<NonNullable<PlanFile['tasks']> | undefined> => {
  if (o.task.length === 0 && o.taskVerify.length === 0) return plan.tasks;
  if (plan.tasks !== undefined) {
    throw new ConfigurationError('The plan file has tasks, and --task gives others.', {
      hint: 'Write them all into the plan file, or all as --task.',
    });
  }
  const { tasksOfFlags } = await import('./taskFlags.ts');
  return [...tasksOfFlags(o.task, o.taskVerify)];
};

/** Flags in the words of the wire; what was not given is not there. */
const given = (o: RunOptions): Partial<SubmitInput> => ({
  ...(o.verify === undefined ? {} : { verify: o.verify }),
  ...(o.setup === undefined ? {} : { setup: o.setup }),
  ...(o.copy === undefined ? {} : { copy: o.copy }),
  ...(o.apply === undefined ? {} : { apply: o.apply }),
  ...(o.allowUnverified === undefined ? {} : { allow_unverified: o.allowUnverified }),
  ...(o.isolation === undefined ? {} : { isolation: o.isolation }),
  ...(o.fresh === undefined ? {} : { fresh: o.fresh }),
  ...(o.maxWorkers === undefined ? {} : { max_workers: o.maxWorkers }),
  ...(o.budget === undefined ? {} : { budget_usd: o.budget }),
  ...(o.timeout === undefined ? {} : { timeout_seconds: o.timeout }),
  ...(o.priority === undefined ? {} : { priority: o.priority }),
  ...(o.model === undefined ? {} : { model: o.model }),
  ...(o.idempotencyKey === undefined ? {} : { idempotency_key: o.idempotencyKey }),
});

const workspaceOf = async (
  o: RunOptions,
  plan: PlanFile,
  isolation: PlanFile['isolation'],
  deps: CliDeps,
): Promise<string> => {
  const folder = deps.folder();
  if (o.workspace !== undefined) return resolve(folder, o.workspace);
  if (plan.workspace !== undefined) return plan.workspace;
  // A shared folder is worked in as it is, and need not be a repository.
  return isolation === 'shared' ? folder : ((await deps.topLevel(folder)) ?? folder);
};
