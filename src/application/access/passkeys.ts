import { AuthenticationError, NotFoundError, TaskValidationError } from '../../domain/errors/index.ts';
import type { Clock } from '../ports/system.ts';
import type { Flows } from './flows.ts';
import type { AssertionResponse, RegistrationResponse } from './passkeyResponses.ts';
import type { Ceremony, CredentialStore, PasskeyVerifier } from './ports.ts';
import type { Passkey, Session } from './records.ts';
import type { SecurityLog } from './securityLog.ts';

export type BegunCeremony = { readonly flow: string; readonly options: Ceremony['options'] };

/** The ceremonies. Who may begin one is decided by whoever calls: see `createAccess`. */
export interface Passkeys {
  list(): Promise<readonly Passkey[]>;
  beginLogin(): Promise<BegunCeremony>;
  /** @throws AuthenticationError, the same whatever was wrong. */
  login(flow: string, response: AssertionResponse): Promise<Passkey>;
  beginRegistration(session: Session): Promise<BegunCeremony>;
  /** @throws TaskValidationError where the response is not right · ConflictError where the passkey is known */
  register(session: Session, flow: string, label: string, response: RegistrationResponse): Promise<Passkey>;
  /** @throws NotFoundError */
  remove(id: string): Promise<void>;
}

export type PasskeysDeps = {
  readonly store: CredentialStore;
  readonly verifier: PasskeyVerifier;
  readonly flows: Flows;
  readonly clock: Clock;
  readonly log: SecurityLog;
};

export const createPasskeys = ({ store, verifier, flows, clock, log }: PasskeysDeps): Passkeys => {
  /** Undefined for every response that is not good, and for the second use of one that was. */
  const proven = async (flow: string, response: AssertionResponse): Promise<Passkey | undefined> => {
    const challenge = flows.take(flow, 'login', undefined);
    const passkey = await store.passkey(response.id);
    if (challenge === undefined || passkey === undefined) return undefined;
    const counter = await verifier.verify(response, challenge, passkey);
    if (counter === undefined) return undefined;
    const use = { from: passkey.counter, to: counter, at: clock.now() };
    return (await store.usePasskey(passkey.id, use)) ? passkey : undefined;
  };

  return {
    list: () => store.passkeys(),
    beginLogin: async () => {
      // Passkeys are discoverable: no list of them is told to whoever asks.
      const { options, challenge } = await verifier.assertion();
      return { flow: flows.begin('login', challenge, undefined), options };
    },
    login: async (flow, response) => {
      const passkey = await proven(flow, response);
      if (passkey !== undefined) return passkey;
      throw new AuthenticationError('This passkey was not accepted.', {
        hint: 'Try again, or sign in with the passphrase.',
      });
    },
    beginRegistration: async (session) => {
      const { options, challenge } = await verifier.registration(await store.passkeys());
      return { flow: flows.begin('register', challenge, session.sha256), options };
    },
    register: async (session, flow, label, response) => {
      const challenge = flows.take(flow, 'register', session.sha256);
      const made = challenge === undefined ? undefined : await verifier.register(response, challenge);
      if (made === undefined) {
        log.refused('passkey refused');
        throw new TaskValidationError('This passkey was not accepted.', {
          hint: 'Begin again: the challenge is good once and for five minutes, on this page alone.',
        });
      }
      const passkey: Passkey = { ...made, label, createdAt: clock.now() };
      await store.addPasskey(passkey);
      // With the public key, by which anyone can later check what it signed.
      log.done('passkey added', { passkeyId: passkey.id, label, publicKey: passkey.publicKey });
      return passkey;
    },
    remove: async (id) => {
      if (!(await store.removePasskey(id))) {
        throw new NotFoundError('There is no such passkey.', { hint: 'Load the list of passkeys anew.' });
      }
      log.done('passkey removed', { passkeyId: id });
    },
  };
};
