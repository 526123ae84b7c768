import type { Command } from 'commander';
import { z } from 'zod';
import { examples, type Finish, optionsOf, printJson, serverFlags, withServer } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { resolveJob } from '../jobRef.ts';
import { jobText } from '../jobSummary.ts';
import { painter } from '../terminal.ts';

const optionsSchema = z.object({
  task: z.string().optional(),
  reason: z.string().optional(),
  yes: z.boolean().default(false),
  json: z.boolean().default(false),
});

export const registerCancel = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withServer(program.command('cancel').description('stop a job, or one task of it'), deps)
    .argument('<job>', 'id, beginning of an id, or latest')
    .option('--task <id>', 'only this task')
    .option('--reason <text>', 'why, for whoever looks later')
    .option('--yes', 'do not ask')
    .action(async (ref: string, _options: unknown, self: Command) => {
      const { task, reason, yes, json } = optionsOf(self, optionsSchema);
      const client = await deps.connect(serverFlags(self, deps));
      const jobId = await resolveJob(client, ref);
      if (!yes && !json && deps.confirm !== undefined) {
        const what = task === undefined ? jobId : `task ${task} of ${jobId}`;
        if (!(await deps.confirm(`Cancel ${what}? Its workers are stopped.`))) {
          deps.stderr('Nothing was cancelled.\n');
          return finish(0);
        }
      }
      const job = await client.cancel({
        job_id: jobId,
        ...(task === undefined ? {} : { task_id: task }),
        reason: reason ?? 'Cancelled from the command line.',
      });
      if (json) printJson(deps, job);
      else deps.stdout(jobText(job, deps.now(), painter(deps.color.stdout)));
      finish(0);
    });
  examples(
    command,
    ['cancel latest', 'asks first, on a terminal'],
    ['cancel job_7k --task docs --reason "not wanted"', 'one task; the others go on'],
    ['cancel job_7k --yes', 'without asking'],
  );
};
