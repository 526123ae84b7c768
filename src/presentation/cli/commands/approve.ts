import { type Command, Option } from 'commander';
import { z } from 'zod';
import { OPEN_APPROVAL } from '../../../domain/approval.ts';
import { ConflictError } from '../../../domain/errors/index.ts';
import { visibleLine } from '../../../domain/visibleText.ts';
import type { ApprovalAnswer, DecisionAnswer } from '../../wire/approval.ts';
import { decidedState } from '../approval/approvalParts.ts';
import { resolveApproval } from '../approval/approvalRef.ts';
import {
  type Approver,
  type DeciderDeps,
  type DecidingClient,
  personAsApprover,
} from '../approval/decider.ts';
import { requestText } from '../approval/requestText.ts';
import { usesSchema, validForSchema } from '../approval/validity.ts';
import { examples, type Finish, optionsOf, PROGRAM, printJson, serverFlags, withServer } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { painter } from '../terminal.ts';

export type ApproveDeps = CliDeps & DeciderDeps;

const optionsSchema = z.object({
  uses: usesSchema.optional(),
  for: validForSchema.optional(),
  reason: z.string().max(2000, 'must have at most 2,000 characters').default(''),
  showCode: z.boolean().default(false),
  full: z.boolean().default(false),
  json: z.boolean().default(false),
});
type ApproveOptions = z.infer<typeof optionsSchema>;

/** Adds `approve`, which a person does by the passphrase and a program by the key of an approver. */
export const registerApprove = (program: Command, deps: ApproveDeps, finish: Finish): void => {
  const command = withServer(
    program.command('approve').description('let a call run that waits, after showing what it is'),
    deps,
  )
    .argument('<approval>', 'id, or beginning of an id, from `approvals`')
    .option('--uses <count>', 'good for so many runs of exactly this call, 1 to 100 (default: 1)')
    .addOption(
      new Option('--for <time>', 'good for all runs of exactly this call within it: 90s, 15m, 1h').conflicts(
        'uses',
      ),
    )
    .option('--reason <text>', 'why, for whoever looks later')
    .addOption(
      new Option(
        '--show-code',
        'decide nothing; show the one-time code by which you let an agent approve',
      ).conflicts(['uses', 'for', 'reason']),
    )
    .option('--full', 'show the diff whole')
    .action(async (ref: string, _options: unknown, self: Command) => {
      await approve(ref, optionsOf(self, optionsSchema), serverFlags(self, deps), deps);
      finish(0);
    });
  examples(
    command,
    ['approve apr_7k', 'shows the request, then asks for the passphrase'],
    ['approve apr_7k --for 15m', 'the same call again needs no new decision for that long'],
    ['approve apr_7k --show-code', 'a code to tell your agent: good once, for ten minutes'],
  ).addHelpText(
    'after',
    `
Who may: a person, by the passphrase set with \`${PROGRAM} init\`; without a terminal a key with the role approver
in ORCHESTRATOR_API_KEY, which may not be the one that submitted the job. What is approved is exactly what is
shown: where a byte of it has changed by the time it runs, it is asked anew.`,
  );
};

const approve = async (
  ref: string,
  o: ApproveOptions,
  flags: Readonly<Record<string, string>>,
  deps: ApproveDeps,
): Promise<void> => {
  // A code is shown to a person and to nobody else, whatever key there is.
  const withKey = o.showCode ? undefined : await deps.deciders.withKey(flags);
  const reader = withKey ?? (await deps.connect(flags));
  const approval = await reader.approval(await resolveApproval(reader, ref));
  const paint = painter(deps.color.stderr);
  deps.stderr(requestText(approval, { now: deps.now(), paint, full: o.full }));
  demandOpen(approval);
  const as: Approver =
    withKey === undefined ? personAsApprover(deps, flags) : async (_question, work) => work(withKey);
  if (o.showCode) {
    const code = await as('Passphrase to show the code (Ctrl-C: no)', (client) => showCode(client, approval));
    if (o.json) printJson(deps, { approval_id: approval.approval_id, ...code });
    else {
      deps.stderr(`Good once, until ${code.expires_at}. Tell it to your agent only if it should run this:\n`);
      deps.stdout(`${visibleLine(code.code, 40)}\n`);
    }
    return;
  }
  const decided = await as('Passphrase to approve it (Ctrl-C: no)', (client) =>
    client.decide({
      approval_id: approval.approval_id,
      decision: 'approve',
      reason: o.reason,
      ...(o.uses === undefined ? {} : { uses: o.uses }),
      ...(o.for === undefined ? {} : { valid_seconds: o.for }),
    }),
  );
  if (o.json) printJson(deps, decided);
  else {
    deps.stdout(decidedText(decided));
    // For a person to open; a program has its id.
    if (deps.screen !== undefined && approval.url !== undefined)
      deps.stdout(`${visibleLine(approval.url, 2000)}\n`);
  }
};

const showCode = (client: DecidingClient, { approval_id }: ApprovalAnswer) =>
  client.approvalCode(approval_id);

/** @throws ConflictError: nobody should type a passphrase for what is decided already. */
const demandOpen = ({ approval_id, status, decision, decided_by }: ApprovalAnswer): void => {
  if (OPEN_APPROVAL.has(status)) return;
  const by = decided_by === undefined ? '' : ` by ${visibleLine(decided_by, 100)}`;
  throw new ConflictError(`${approval_id} is ${decidedState({ status, decision })}${by} already.`, {
    hint: `\`${PROGRAM} approvals\` shows what waits now.`,
  });
};

/** `apr_… approved by person (passphrase)` */
export const decidedText = ({ approval_id, status, decided_by, channel }: DecisionAnswer): string =>
  `${visibleLine(approval_id, 64)} ${status === 'pending' ? 'waits for one more approver; approved' : status} by ${visibleLine(decided_by, 100)} (${channel})\n`;
