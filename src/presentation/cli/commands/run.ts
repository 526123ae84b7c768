import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { ConfigurationError } from '../../../domain/errors/index.ts';
import { isolationSchema } from '../../../domain/job.ts';
import { prioritySchema } from '../../../domain/task.ts';
import type { SubmitInput } from '../../wire/jobSpec.ts';
import {
  collect,
  examples,
  type Finish,
  optionsOf,
  PROGRAM,
  printJson,
  serverFlags,
  withServer,
} from '../command.ts';
import type { CliClient, CliDeps } from '../deps.ts';
import { INTERRUPTED, jobExit, watchJob } from '../live/watchJob.ts';
import type { PlanFile } from '../plan/planSchema.ts';
import { showEnd } from '../showEnd.ts';

const APPLY = ['branch', 'merge'] as const;

const optionsSchema = z.object({
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
type Options = z.output<typeof optionsSchema>;

const FORMAT = `
Plan file (YAML or JSON; docs/plan.schema.json says all, flags are stronger than the file):
  request: Modernise the API
  setup: npm ci
  verify: npm test
  tasks:
    - id: types
      prompt: Add types to src/api
      verify: npx tsc --noEmit
      writes: [src/api/**]
    - id: docs
      prompt: Describe the API in docs/api.md
      depends_on: [types]

Exit code: 0 the job succeeded, 1 it failed or was cancelled, 130 you left by Ctrl-C (the job goes on).`;

export const registerRun = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withServer(program.command('run').description('start a job and follow it to its end'), deps)
    .argument('[request]', 'what is to be done; - reads it from standard input')
    .option('--workspace <folder>', 'git repository to work in (default: that of the current folder)')
    .option('--plan <file>', 'plan file, YAML or JSON; - reads it from standard input')
    .option('--task <text>', 'a task, as "id: prompt"; may be given more than once', collect)
    .option(
      '--task-verify <id=command>',
      'how the task of that id is verified; may be given more than once',
      collect,
    )
    .option('--verify <command>', 'verification of the merged result')
    .option('--setup <command>', 'run once in each new worktree (npm ci)')
    .option('--copy <path>', 'ignored file to bring along (.env); may be given more than once', collect)
    .addOption(new Option('--apply <how>', 'merge also moves your branch').choices(APPLY))
    .option('--allow-unverified', 'let --apply merge pass without any verification')
    .addOption(
      new Option('--isolation <kind>', 'shared: a folder without git').choices(isolationSchema.options),
    )
    .option('--fresh', 'new worktree and process for each task')
    .option('--max-workers <count>', 'most workers of this job')
    .option('--budget <usd>', 'most that the job may cost')
    .option('--timeout <seconds>', 'of each task')
    .addOption(new Option('--priority <priority>', 'against other jobs').choices(prioritySchema.options))
    .option('--model <model>', 'of the workers')
    .option('--idempotency-key <key>', 'the same key and job again start nothing new')
    .option('--wait', 'follow the job to its end (the default)')
    .addOption(new Option('--detach', 'print the id and leave').conflicts('wait'))
    .option('--plain', 'one line an event, also on a terminal')
    .action(async (request: string | undefined, _options: unknown, self: Command) => {
      finish(await run(request, optionsOf(self, optionsSchema), serverFlags(self, deps), deps));
    });
  examples(
    command,
    ['run "Fix the failing tests" --verify "npm test"', 'in the repository that you are in'],
    ['run "Tidy up" --task "a: Sort imports" --task "b: Fix typos"', 'your own tasks, side by side'],
    ['run --plan plan.yaml --detach', 'print the id; `watch` follows it later'],
  ).addHelpText('after', FORMAT);
};

const run = async (
  request: string | undefined,
  o: Options,
  flags: Readonly<Record<string, string>>,
  deps: CliDeps,
): Promise<number> => {
  const input = await jobOf(request, o, deps);
  const client = await deps.connect(flags);
  const job = await client.submit(input);
  if (o.detach) {
    if (o.json) printJson(deps, job);
    else {
      deps.stdout(`${job.job_id}\n`);
      deps.stderr(`Follow it with \`${PROGRAM} watch ${job.job_id}\`.\n`);
    }
    return 0;
  }
  if (!o.json) deps.stderr(`${job.job_id} ${job.status}\n`);
  return follow(client, job.job_id, o, deps);
};

const follow = async (client: CliClient, jobId: string, o: Options, deps: CliDeps): Promise<number> => {
  const ended = await watchJob(client, jobId, deps, { plain: o.plain, json: o.json ? 'none' : 'no' });
  if (ended === undefined) return INTERRUPTED;
  if (o.json) printJson(deps, await client.result(jobId));
  else showEnd(ended, deps, o.plain);
  return jobExit(ended);
};

/** The job that plan file and flags make together. @throws OrchestratorError naming what is wrong. */
const jobOf = async (
  request: string | undefined,
  o: Options,
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
    o.plan === undefined
      ? {}
      : await (await import('../plan/readPlan.ts')).readPlan(o.plan, folder, deps.stdin);
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

const tasksOf = async (o: Options, plan: PlanFile): Promise<NonNullable<PlanFile['tasks']> | undefined> => {
  if (o.task.length === 0 && o.taskVerify.length === 0) return plan.tasks;
  if (plan.tasks !== undefined) {
    throw new ConfigurationError('The plan file has tasks, and --task gives others.', {
      hint: 'Write them all into the plan file, or all as --task.',
    });
  }
  const { tasksOfFlags } = await import('../plan/taskFlags.ts');
  return [...tasksOfFlags(o.task, o.taskVerify)];
};

/** Flags in the words of the wire; what was not given is not there. */
const given = (o: Options): Partial<SubmitInput> => ({
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
  o: Options,
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
