import { type Command, Option } from 'commander';
import { isolationSchema } from '../../../domain/job.ts';
import { prioritySchema } from '../../../domain/task.ts';
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
import { APPLY, jobOf, type RunOptions, runOptionsSchema } from '../plan/jobOf.ts';
import { showEnd } from '../showEnd.ts';

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
      finish(await run(request, optionsOf(self, runOptionsSchema), serverFlags(self, deps), deps));
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
  o: RunOptions,
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

const follow = async (client: CliClient, jobId: string, o: RunOptions, deps: CliDeps): Promise<number> => {
  const ended = await watchJob(client, jobId, deps, { plain: o.plain, json: o.json ? 'none' : 'no' });
  if (ended === undefined) return INTERRUPTED;
  if (o.json) printJson(deps, await client.result(jobId));
  else showEnd(ended, deps, o.plain);
  return jobExit(ended);
};
