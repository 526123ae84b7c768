import type { Command } from 'commander';
import { z } from 'zod';
import { resolveApproval } from '../approval/approvalRef.ts';
import { examples, type Finish, optionsOf, printJson, serverFlags, withServer } from '../command.ts';
import { type ApproveDeps, decidedText } from './approve.ts';

const optionsSchema = z.object({
  reason: z.string().max(2000, 'must have at most 2,000 characters').default(''),
  json: z.boolean().default(false),
});

/** Adds `deny`, which needs no proof of a person: a no is harmless. */
export const registerDeny = (program: Command, deps: ApproveDeps, finish: Finish): void => {
  const command = withServer(
    program.command('deny').description('refuse a call that waits; the worker goes on without it'),
    deps,
  )
    .argument('<approval>', 'id, or beginning of an id, from `approvals`')
    .option('--reason <text>', 'why; the worker is told')
    .action(async (ref: string, _options: unknown, self: Command) => {
      const { reason, json } = optionsOf(self, optionsSchema);
      const flags = serverFlags(self, deps);
      const client = (await deps.deciders.withKey(flags)) ?? (await deps.connect(flags));
      const approval_id = await resolveApproval(client, ref);
      const decided = await client.decide({ approval_id, decision: 'deny', reason });
      if (json) printJson(deps, decided);
      else deps.stdout(decidedText(decided));
      finish(0);
    });
  examples(
    command,
    ['deny apr_7k', 'no passphrase is asked'],
    ['deny apr_7k --reason "move it to old/ instead"', 'the worker reads why'],
  );
};
