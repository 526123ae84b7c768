import type { Command } from 'commander';
import { z } from 'zod';
import { examples, type Finish, optionsOf, printJsonLine, serverFlags, withServer } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { latestRunning, resolveJob } from '../jobRef.ts';
import { INTERRUPTED, jobExit, watchJob } from '../live/watchJob.ts';
import { showEnd } from '../showEnd.ts';

const optionsSchema = z.object({ plain: z.boolean().default(false), json: z.boolean().default(false) });

export const registerWatch = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withServer(program.command('watch').description('follow a job until it ends'), deps)
    .argument('[job]', 'id, beginning of an id, or latest (default: the newest that runs)')
    .option('--plain', 'one line an event, also on a terminal')
    .action(async (ref: string | undefined, _options: unknown, self: Command) => {
      const { plain, json } = optionsOf(self, optionsSchema);
      const client = await deps.connect(serverFlags(self, deps));
      const jobId = ref === undefined ? await latestRunning(client) : await resolveJob(client, ref);
      const ended = await watchJob(client, jobId, deps, { plain, json: json ? 'lines' : 'no' });
      if (ended === undefined) return finish(INTERRUPTED);
      if (json) printJsonLine(deps, { type: 'job', job: ended });
      else showEnd(ended, deps, plain);
      finish(jobExit(ended));
    });
  examples(
    command,
    ['watch', 'the newest job that runs'],
    ['watch job_7k', 'the beginning of an id is enough'],
    ['watch latest --json', 'one JSON object an event, the job at last'],
  );
};
