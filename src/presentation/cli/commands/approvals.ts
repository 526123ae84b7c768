import type { Command } from 'commander';
import { z } from 'zod';
import { approvalStatusSchema } from '../../../domain/approval.ts';
import { approvalsText } from '../approval/approvalText.ts';
import { examples, type Finish, optionsOf, PROGRAM, printJson, serverFlags, withServer } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { resolveJob } from '../jobRef.ts';
import { painter, printableCell } from '../terminal.ts';

const optionsSchema = z.object({
  job: z.string().optional(),
  all: z.boolean().default(false),
  limit: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(100, 'must be at most 100')
    .default(20),
  cursor: z.string().optional(),
  json: z.boolean().default(false),
});

export const registerApprovals = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withServer(
    program.command('approvals').description('show what waits for the decision of a person'),
    deps,
  )
    .option('--job <job>', 'only those of this job: id, beginning of an id, or latest')
    .option('--all', 'those that were decided, too')
    .option('--limit <count>', 'rows, 1 to 100 (default: 20)')
    .option('--cursor <cursor>', 'where the last list ended')
    .action(async (_options: unknown, self: Command) => {
      const { job, all, limit, cursor, json } = optionsOf(self, optionsSchema);
      const client = await deps.connect(serverFlags(self, deps));
      const answer = await client.approvals({
        limit,
        ...(job === undefined ? {} : { job_id: await resolveJob(client, job) }),
        ...(all ? { status: [...approvalStatusSchema.options] } : {}),
        ...(cursor === undefined ? {} : { cursor }),
      });
      if (json) printJson(deps, answer);
      else {
        deps.stdout(approvalsText(answer.approvals, deps.now(), painter(deps.color.stdout)));
        if (answer.next_cursor !== undefined) {
          deps.stderr(`More: ${PROGRAM} approvals --cursor ${printableCell(answer.next_cursor)}\n`);
        }
      }
      finish(0);
    });
  examples(
    command,
    ['approvals', 'what waits, of all jobs'],
    ['approvals --job latest --all', 'everything that was asked in the newest job'],
    ['approvals --json | jq -r ".approvals[].approval_id"', 'ids for a program'],
  );
};
