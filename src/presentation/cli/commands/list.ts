import { type Command, Option } from 'commander';
import { z } from 'zod';
import { jobStatusSchema } from '../../../domain/job.ts';
import type { JobRow } from '../../wire/jobList.ts';
import { waitingLine } from '../approval/waitingText.ts';
import { examples, type Finish, optionsOf, PROGRAM, printJson, serverFlags, withServer } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { durationText, moneyText, secondsBetween } from '../figures.ts';
import { fit } from '../fit.ts';
import { JOB_STYLE } from '../glyphs.ts';
import { inColumns, type Painter, painter, printableCell } from '../terminal.ts';

const optionsSchema = z.object({
  status: jobStatusSchema.optional(),
  limit: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(100, 'must be at most 100')
    .default(20),
  cursor: z.string().optional(),
  json: z.boolean().default(false),
});

const REQUEST_CELLS = 60;
/** Approvals below the list; `approvals` has all. */
const WAITING = 5;

export const registerList = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withServer(program.command('list').description('list jobs, the newest first'), deps)
    .addOption(new Option('--status <status>', 'only those').choices(jobStatusSchema.options))
    .option('--limit <count>', 'rows, 1 to 100 (default: 20)')
    .option('--cursor <cursor>', 'where the last list ended')
    .action(async (_options: unknown, self: Command) => {
      const { json, status, limit, cursor } = optionsOf(self, optionsSchema);
      const client = await deps.connect(serverFlags(self, deps));
      const answer = await client.list({
        limit,
        ...(status === undefined ? {} : { status }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      if (json) printJson(deps, answer);
      else {
        const paint = painter(deps.color.stdout);
        const waiting = await client.approvals({ limit: WAITING });
        deps.stdout(listText(answer.jobs, deps.now(), paint));
        for (const row of waiting.approvals) deps.stdout(`${waitingLine(row, paint)}\n`);
        if (waiting.next_cursor !== undefined) deps.stderr(`More wait: ${PROGRAM} approvals\n`);
        if (answer.next_cursor !== undefined) {
          deps.stderr(`More: ${PROGRAM} list --cursor ${printableCell(answer.next_cursor)}\n`);
        }
      }
      finish(0);
    });
  examples(
    command,
    ['list', 'the newest 20 jobs'],
    ['list --status failed --limit 5', 'what failed of late'],
    ['list --json | jq -r ".jobs[].job_id"', 'ids for a program'],
  );
};

const listText = (jobs: readonly JobRow[], now: number, paint: Painter): string => {
  if (jobs.length === 0) return 'There are no such jobs.\n';
  const [head, ...lines] = inColumns([
    ['JOB', 'STATUS', 'DONE', 'COST', 'AGE', 'REQUEST'],
    ...jobs.map((job) => [
      job.job_id,
      job.attention === undefined ? job.status : `${job.status} !`,
      `${job.progress.done}/${job.progress.total}`,
      moneyText(job.cost_usd),
      durationText(secondsBetween(job.created_at, undefined, now)),
      fit(printableCell(job.request), REQUEST_CELLS),
    ]),
  ]);
  const painted = lines.map((line, at) => {
    const status = jobs[at]?.status;
    return status === undefined ? line : line.replace(status, (word) => paint(JOB_STYLE[status], word));
  });
  return [paint('bold', head ?? ''), ...painted, ''].join('\n');
};
