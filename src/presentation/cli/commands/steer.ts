import { type Command, Option } from 'commander';
import { z } from 'zod';
import { ConfigurationError, ForbiddenError } from '../../../domain/errors/index.ts';
import { visibleLine } from '../../../domain/visibleText.ts';
import type { JobAnswer } from '../../wire/job.ts';
import { type DeciderDeps, personAsApprover } from '../approval/decider.ts';
import { examples, type Finish, optionsOf, PROGRAM, printJson, serverFlags, withServer } from '../command.ts';
import type { CliClient, CliDeps, FlagValues } from '../deps.ts';
import { resolveJob } from '../jobRef.ts';
import { jobText } from '../jobSummary.ts';
import { painter } from '../terminal.ts';

const optionsSchema = z.object({
  retry: z.boolean().default(false),
  skip: z.boolean().default(false),
  message: z.string().optional(),
  task: z.string().optional(),
  reason: z.string().optional(),
  json: z.boolean().default(false),
});
type Options = z.output<typeof optionsSchema>;
type Steering = Omit<Parameters<CliClient['steer']>[0], 'job_id'>;

const ACTIONS = ['retry', 'skip', 'message'] as const;

/** @throws ConfigurationError where it is not clear what is wanted. */
const steeringOf = (o: Options): Steering => {
  const [action, ...others] = ACTIONS.filter((name) =>
    name === 'message' ? o.message !== undefined : o[name],
  );
  if (action === undefined || others.length > 0) {
    throw new ConfigurationError('Give one of --retry, --skip and --message.', {
      hint: `See \`${PROGRAM} steer --help\`.`,
    });
  }
  if (action !== 'retry' && o.task === undefined) {
    throw new ConfigurationError(`--${action} needs --task.`, {
      hint: `\`${PROGRAM} status\` lists the tasks of a job.`,
    });
  }
  return {
    action,
    ...(o.task === undefined ? {} : { task_id: o.task }),
    ...(o.message === undefined ? {} : { message: o.message }),
    ...(o.reason === undefined ? {} : { reason: o.reason }),
  };
};

type SteerDeps = CliDeps & DeciderDeps;

/** Where a job is stopped for its denials, only the person of this machine goes on, by the passphrase. */
const steered = async (
  client: CliClient,
  input: Steering & { readonly job_id: string },
  deps: SteerDeps,
  flags: FlagValues,
): Promise<JobAnswer> => {
  try {
    return await client.steer(input);
  } catch (thrown) {
    if (!(thrown instanceof ForbiddenError) || input.action !== 'retry' || deps.secrets === undefined)
      throw thrown;
    const { attention } = await client.status(input.job_id);
    if (attention?.wants !== 'approver') throw thrown;
    deps.stderr(`${visibleLine(attention.reason, 1000)}\n`);
    const asPerson = personAsApprover(deps, flags);
    return asPerson('Passphrase to let it go on (Ctrl-C: no)', (person) => person.steer(input));
  }
};

export const registerSteer = (program: Command, deps: SteerDeps, finish: Finish): void => {
  const command = withServer(
    program.command('steer').description('retry or skip a task, or tell its worker something'),
    deps,
  )
    .argument('<job>', 'id, beginning of an id, or latest')
    .addOption(
      new Option('--retry', 'try again: the task, or all that failed').conflicts(['skip', 'message']),
    )
    .addOption(new Option('--skip', 'go on without the task').conflicts(['retry', 'message']))
    .addOption(new Option('--message <text>', 'what the worker is told').conflicts(['retry', 'skip']))
    .option('--task <id>', 'which task; --skip and --message need it')
    .option('--reason <text>', 'why it is skipped')
    .action(async (ref: string, _options: unknown, self: Command) => {
      const o = optionsOf(self, optionsSchema);
      const steering = steeringOf(o);
      const flags = serverFlags(self, deps);
      const client = await deps.connect(flags);
      const job_id = await resolveJob(client, ref);
      const job = await steered(client, { job_id, ...steering }, deps, flags);
      if (o.json) printJson(deps, job);
      else deps.stdout(jobText(job, deps.now(), painter(deps.color.stdout)));
      finish(0);
    });
  examples(
    command,
    ['steer latest --retry', 'try again what failed'],
    ['steer job_7k --skip --task docs --reason "later"', 'go on without it'],
    ['steer job_7k --message "Use the v2 API" --task types', 'the worker reads it at its next step'],
  );
};
