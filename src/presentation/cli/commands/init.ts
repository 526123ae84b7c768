import type { Command } from 'commander';
import type { PassphraseSetting } from '../../../application/access/passphrase.ts';
import { passphraseProblem } from '../../../application/access/passphraseRule.ts';
import { AuthenticationError, ForbiddenError, UserDeniedError } from '../../../domain/errors/index.ts';
import { examples, type Finish, flagsOf, PROGRAM, withSettings } from '../command.ts';
import type { CliDeps, FlagValues } from '../deps.ts';
import type { SecretPrompts } from '../secretPrompts.ts';

export type InitDeps = Pick<CliDeps, 'settings' | 'stdout' | 'stderr'> & {
  /** Undefined where there is no terminal on both sides. */
  readonly secrets: (() => Promise<SecretPrompts>) | undefined;
  /** The passphrase of the state directory that the settings name. */
  readonly passphrase: (flags: FlagValues) => Promise<PassphraseSetting>;
};

const TRIES = 3;

/** Adds `init`, which sets the person's passphrase. */
export const registerInit = (program: Command, deps: InitDeps, finish: Finish): void => {
  const command = withSettings(
    program.command('init').description('set the passphrase by which the server knows you from an agent'),
    deps,
  ).action(async (_options: unknown, self: Command) => {
    await runInit(deps, flagsOf(self, deps));
    finish(0);
  });
  examples(command, ['init', 'asks for a new passphrase; for the old one first, where there is one']);
};

const given = (answer: string | undefined): string => {
  if (answer !== undefined) return answer;
  throw new UserDeniedError('No passphrase was given, so nothing was changed.', {
    hint: `Run \`${PROGRAM} init\` again when you are ready.`,
  });
};

/**
 * Sets a passphrase, or changes it for who knows the old one.
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
  await passphrase.set(await newOne(prompts, deps), old);
  deps.stdout(
    [
      'The passphrase is set; a server that runs knows it at once.',
      'It makes you approver and admin: on the dashboard, where you can add a passkey, and for `keys`.',
      'Nobody can tell it to you again.',
      '',
    ].join('\n'),
  );
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

const newOne = async (prompts: SecretPrompts, { stderr }: Pick<InitDeps, 'stderr'>): Promise<string> => {
  for (let left = TRIES; left > 0; left -= 1) {
    const typed = given(await prompts.secret('New passphrase, 12 characters or more', passphraseProblem));
    if (given(await prompts.secret('The same again')) === typed) return typed;
    stderr('The two differ.\n');
  }
  return given(undefined);
};
