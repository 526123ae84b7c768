import type { Command } from 'commander';
import type { PassphraseSetting } from '../../../application/access/passphrase.ts';
import { passphraseProblem } from '../../../application/access/passphraseRule.ts';
import type { Elicitation, ElicitationSetting } from '../../../application/approving/elicitationChoice.ts';
import { AuthenticationError, ForbiddenError, UserDeniedError } from '../../../domain/errors/index.ts';
import type { Choice, ChoicePrompt } from '../choicePrompt.ts';
import { examples, type Finish, flagsOf, PROGRAM, withSettings } from '../command.ts';
import type { CliDeps, FlagValues } from '../deps.ts';
import type { SecretPrompts } from '../secretPrompts.ts';

export type InitDeps = Pick<CliDeps, 'settings' | 'stdout' | 'stderr'> & {
  /** Undefined where there is no terminal on both sides. */
  readonly secrets: (() => Promise<SecretPrompts>) | undefined;
  /** The passphrase of the state directory that the settings name. */
  readonly passphrase: (flags: FlagValues) => Promise<PassphraseSetting>;
  /** What that state directory says about approvals. */
  readonly elicitation: (flags: FlagValues) => Promise<ElicitationSetting>;
  readonly choose: ChoicePrompt;
};

const TRIES = 3;

const CHOICES: readonly Choice<Elicitation>[] = [
  { value: 'deny_only', label: 'Deny only', hint: 'you approve on the dashboard or with `approve`' },
  {
    value: 'approve_high',
    label: 'Approve HIGH, too',
    hint: 'never CRITICAL; the audit log says how it came',
  },
];

/** Adds `init`, which sets the person's passphrase and asks what the forms of MCP clients may decide. */
export const registerInit = (program: Command, deps: InitDeps, finish: Finish): void => {
  const command = withSettings(
    program.command('init').description('set the passphrase by which the server knows you from an agent'),
    deps,
  ).action(async (_options: unknown, self: Command) => {
    await runInit(deps, flagsOf(self, deps));
    finish(0);
  });
  examples(command, [
    'init',
    'asks for a new passphrase, for the old one first where there is one, and what clients may decide',
  ]);
};

const given = (answer: string | undefined): string => {
  if (answer !== undefined) return answer;
  throw new UserDeniedError('No passphrase was given, so nothing was changed.', {
    hint: `Run \`${PROGRAM} init\` again when you are ready.`,
  });
};

/**
 * Sets a passphrase, or changes it for who knows the old one, who may also keep it; then asks about approvals.
 * @throws ForbiddenError no terminal · AuthenticationError not the old one · UserDeniedError the person gave up
 */
export const runInit = async (deps: InitDeps, flags: FlagValues): Promise<void> => {
  if (deps.secrets === undefined) {
    throw new ForbiddenError('A passphrase is set by a person in a terminal, and there is none here.', {
      hint: `Run \`${PROGRAM} init\` yourself, in a terminal of this machine, without pipes. No flag and no variable does it.`,
    });
  }
  const passphrase = await deps.passphrase(flags);
  const prompts = await deps.secrets();
  const old = (await passphrase.isSet()) ? await oldOne(passphrase, prompts) : undefined;
  const wanted = await newOne(prompts, deps, old !== undefined);
  if (wanted !== KEPT) await passphrase.set(wanted, old);
  deps.stdout(
    [
      wanted === KEPT
        ? 'The passphrase stays.'
        : 'The passphrase is set; a server that runs knows it at once.',
      'It makes you approver and admin: for `approve`, for `keys`, and on the dashboard, where you can add a passkey.',
      'Nobody can tell it to you again.',
      '',
    ].join('\n'),
  );
  await askElicitation(deps, await deps.elicitation(flags));
};

/** What a person reads before choosing: two sentences, no more. */
const WARNING = `
When a worker's call waits for you, your MCP client may show it in a form of its own and send back what it says you answered.
A client, or an agent that drives it, could give that answer for you, and nobody could tell it from yours.
`;

const askElicitation = async (deps: InitDeps, setting: ElicitationSetting): Promise<void> => {
  deps.stdout(`${WARNING}\n`);
  const now = await setting.elicitationChoice();
  const chosen = await deps.choose('What may such an answer do?', CHOICES, now);
  if (chosen !== undefined) await setting.choose(chosen);
  const said: Readonly<Record<Elicitation, string>> = {
    deny_only: "Answers in clients' forms may deny, and approve nothing.",
    approve_high: "Answers in clients' forms may approve what is HIGH. `init` takes that back.",
  };
  deps.stdout(`${said[chosen ?? now]}\n`);
};

const oldOne = async (passphrase: PassphraseSetting, prompts: SecretPrompts): Promise<string> => {
  for (let left = TRIES; left > 0; left -= 1) {
    const typed = given(await prompts.secret('The passphrase so far'));
    if (await passphrase.matches(typed)) return typed;
  }
  throw new AuthenticationError('That is not the passphrase.', {
    hint: 'If it is forgotten, remove passphrase.json in the state folder by hand, and run this again.',
  });
};

/** The answer of who keeps the passphrase that is set; it is too short for one. */
const KEPT = '';

const newOne = async (
  prompts: SecretPrompts,
  { stderr }: Pick<InitDeps, 'stderr'>,
  mayKeep: boolean,
): Promise<string> => {
  const question = `New passphrase, 12 characters or more${mayKeep ? ' (Enter keeps the old one)' : ''}`;
  const problem = (typed: string): string | undefined =>
    mayKeep && typed === KEPT ? undefined : passphraseProblem(typed);
  for (let left = TRIES; left > 0; left -= 1) {
    const typed = given(await prompts.secret(question, problem));
    if (typed === KEPT) return typed;
    if (given(await prompts.secret('The same again')) === typed) return typed;
    stderr('The two differ.\n');
  }
  return given(undefined);
};
