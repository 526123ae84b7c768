import { ForbiddenError } from '../../../domain/errors/index.ts';
import type { OrchestratorClient } from '../../client/api.ts';
import { PROGRAM } from '../command.ts';
import type { FlagValues } from '../deps.ts';
import { asPerson, type SigningIn } from '../personSession.ts';
import type { SecretPrompts } from '../secretPrompts.ts';

/** What whoever decides calls of the server's client. */
export type DecidingClient = Pick<
  OrchestratorClient,
  'approvals' | 'approval' | 'decide' | 'approvalCode' | 'steer'
>;

export type DeciderDeps = {
  readonly stderr: (text: string) => void;
  /** Undefined where there is no terminal on both sides. */
  readonly secrets: (() => Promise<SecretPrompts>) | undefined;
  readonly deciders: {
    /** With the key of ORCHESTRATOR_API_KEY; undefined where none is set. */
    readonly withKey: (flags: FlagValues) => Promise<DecidingClient | undefined>;
    /** Without any right until it has signed in. */
    readonly person: (flags: FlagValues) => Promise<DecidingClient & SigningIn>;
  };
};

/** Who approves, once it is clear what. */
export type Approver = <T>(question: string, work: (client: DecidingClient) => Promise<T>) => Promise<T>;

/**
 * The person, by the passphrase on a terminal. The session lives as long as the one call that decides.
 * @throws ForbiddenError where there is no terminal, before anything is asked.
 */
export const personAsApprover = ({ secrets, deciders, stderr }: DeciderDeps, flags: FlagValues): Approver => {
  if (secrets === undefined) {
    throw new ForbiddenError('To approve asks for the passphrase, and there is no terminal to ask on.', {
      hint: `A person runs it in a terminal or opens the dashboard (\`${PROGRAM} dashboard\`); a program needs a key with the role approver in ORCHESTRATOR_API_KEY. Anyone may deny: \`${PROGRAM} deny\`.`,
    });
  }
  return async (question, work) =>
    asPerson(await deciders.person(flags), { secrets, stderr, question }, work);
};
