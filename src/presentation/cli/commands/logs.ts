import type { Command } from 'commander';
import { z } from 'zod';
import { examples, type Finish, optionsOf, serverFlags, withServer } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { resolveJob } from '../jobRef.ts';
import { INTERRUPTED } from '../live/watchJob.ts';
import { jobLog } from '../logs/jobLog.ts';
import { taskLog } from '../logs/taskLog.ts';

const optionsSchema = z.object({
  follow: z.boolean().default(false),
  tail: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(0, 'must not be below 0')
    .optional(),
  json: z.boolean().default(false),
});

export const registerLogs = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withServer(
    program.command('logs').description('show what happened to a job, or what the worker of a task said'),
    deps,
  )
    .argument('<job>', 'id, beginning of an id, or latest')
    .argument('[task]', 'id of a task; without one the events of the job')
    .option('-f, --follow', 'go on until the job has ended')
    .option('--tail <count>', 'only so many of the last lines')
    .action(async (ref: string, task: string | undefined, _options: unknown, self: Command) => {
      const o = optionsOf(self, optionsSchema);
      const client = await deps.connect(serverFlags(self, deps));
      const jobId = await resolveJob(client, ref);
      const left = new AbortController();
      const stopHearing = deps.onInterrupt(() => left.abort());
      try {
        const log = { ...o, jobId, signal: left.signal };
        if (task === undefined) await jobLog(client, deps, log);
        else await taskLog(client, deps, { ...log, taskId: task });
        finish(left.signal.aborted ? INTERRUPTED : 0);
      } finally {
        stopHearing();
      }
    });
  examples(
    command,
    ['logs latest', 'what happened, an event a line'],
    ['logs job_7k types -f', 'what the worker of a task says, live'],
    ['logs job_7k types --tail 50', 'the last 50 lines of it'],
  );
};
