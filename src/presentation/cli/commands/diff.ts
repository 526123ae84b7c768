import type { Command } from 'commander';
import { z } from 'zod';
import { examples, type Finish, optionsOf, printJson, serverFlags, withServer } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { diffText } from '../diffText.ts';
import { resolveJob } from '../jobRef.ts';
import { painter, printableText } from '../terminal.ts';

const optionsSchema = z.object({ stat: z.boolean().default(false), json: z.boolean().default(false) });

const withNewline = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

export const registerDiff = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withServer(program.command('diff').description('show what a job changes'), deps)
    .argument('[job]', 'id, beginning of an id, or latest', 'latest')
    .option('--stat', 'files and counts of lines only')
    .action(async (ref: string, _options: unknown, self: Command) => {
      const { stat, json } = optionsOf(self, optionsSchema);
      const client = await deps.connect(serverFlags(self, deps));
      const jobId = await resolveJob(client, ref);
      if (stat) {
        const { diff_stat } = await client.result(jobId);
        if (json) printJson(deps, { job_id: jobId, diff_stat });
        else deps.stdout(withNewline(printableText(diff_stat)));
      } else {
        const diff = await client.diff(jobId);
        if (json) printJson(deps, { job_id: jobId, diff });
        else deps.stdout(withNewline(diffText(diff, painter(deps.color.stdout))));
      }
      finish(0);
    });
  examples(
    command,
    ['diff', 'of the newest job'],
    ['diff job_7k --stat', 'which files, and how much'],
    ['diff job_7k | less -R', 'plain on a pipe; FORCE_COLOR=1 keeps the colours'],
  );
};
