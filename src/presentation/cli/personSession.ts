import { UserDeniedError } from '../../domain/errors/index.ts';
import type { OrchestratorClient } from '../client/api.ts';
import type { SecretPrompts } from './secretPrompts.ts';

/** Without any right until it has signed in. */
export type SigningIn = Pick<OrchestratorClient, 'loginPassphrase' | 'logout'>;

/**
 * Asks for the passphrase and works as the person: the session lives as long as this one piece of work.
 * @param client connected before anything is asked: whoever types should not do it for a server that is not there.
 * @throws AuthenticationError not the passphrase · UserDeniedError the person gave up
 */
export const asPerson = async <C extends SigningIn, T>(
  client: C,
  deps: {
    readonly secrets: () => Promise<SecretPrompts>;
    readonly stderr: (text: string) => void;
    /** What is asked; one line. */
    readonly question: string;
  },
  work: (client: C) => Promise<T>,
): Promise<T> => {
  const passphrase = await (await deps.secrets()).secret(deps.question);
  if (passphrase === undefined) {
    throw new UserDeniedError('No passphrase was given, so nothing was done.', {
      hint: 'Run the command again when you are ready.',
    });
  }
  await client.loginPassphrase(passphrase);
  try {
    return await work(client);
  } finally {
    // The work is done or has failed by now: what this says must not take its place.
    await client
      .logout()
      .catch(() => deps.stderr('The session could not be ended; it ends by itself in 12 hours.\n'));
  }
};
