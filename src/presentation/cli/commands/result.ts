import type { Command } from 'commander';
import { examples, type Finish, jsonFlag, printJson, serverFlags, withServer } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { resolveJob } from '../jobRef.ts';
import { resultText } from '../jobSummary.ts';
import { painter } from '../terminal.ts';

export const registerResult = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withServer(
    program.command('result').description('show what a job has brought: words, changes, receipt'),
    deps,
  )
    .argument('[job]', 'id, beginning of an id, or latest', 'latest')
    .action(async (ref: string, _options: unknown, self: Command) => {
      const client = await deps.connect(serverFlags(self, deps));
      const result = await client.result(await resolveJob(client, ref));
      if (jsonFlag(self)) printJson(deps, result);
      else deps.stdout(resultText(result, deps.now(), painter(deps.color.stdout)));
      finish(0);
    });
  examples(
    command,
    ['result', 'of the newest job'],
    ['result job_7k --json | jq .receipt', 'what it took, for a program'],
  );
};
