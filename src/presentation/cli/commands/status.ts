import type { Command } from 'commander';
import { examples, type Finish, jsonFlag, printJson, serverFlags, withServer } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { resolveJob } from '../jobRef.ts';
import { jobText } from '../jobSummary.ts';
import { painter } from '../terminal.ts';

export const registerStatus = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withServer(
    program.command('status').description('show how a job and its tasks stand'),
    deps,
  )
    .argument('[job]', 'id, beginning of an id, or latest', 'latest')
    .action(async (ref: string, _options: unknown, self: Command) => {
      const client = await deps.connect(serverFlags(self, deps));
      const job = await client.status(await resolveJob(client, ref));
      if (jsonFlag(self)) printJson(deps, job);
      else deps.stdout(jobText(job, deps.now(), painter(deps.color.stdout)));
      finish(0);
    });
  examples(command, ['status', 'the newest job'], ['status job_7k --json', 'one job for a program']);
};
