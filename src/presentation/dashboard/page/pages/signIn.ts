import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { PasskeyRow, SessionAnswer } from '../../../wire/session.ts';
import { postJson } from '../data/http.ts';

/** The ways to become somebody. All end with ProblemError, the passkey ones also with a WebAuthnError. */
export const signInByPassphrase = (passphrase: string): Promise<SessionAnswer> =>
  postJson<SessionAnswer>('/api/v1/auth/login/passphrase', { passphrase });

export const signInByKey = (key: string): Promise<SessionAnswer> =>
  postJson<SessionAnswer>('/api/v1/auth/login/key', { api_key: key.trim() });

/** The library is loaded when somebody uses a passkey: most do not. */
const webauthn = () => import('@simplewebauthn/browser');

export const signInByPasskey = async (): Promise<SessionAnswer> => {
  const asked = await postJson<{ flow: string; options: PublicKeyCredentialRequestOptionsJSON }>(
    '/api/v1/auth/passkey/login/options',
    {},
  );
  const { startAuthentication } = await webauthn();
  const response = await startAuthentication({ optionsJSON: asked.options });
  return postJson<SessionAnswer>('/api/v1/auth/passkey/login', { flow: asked.flow, response });
};

/** Makes a passkey of this device and keeps it under `label`. */
export const addPasskey = async (passphrase: string, label: string): Promise<PasskeyRow> => {
  const asked = await postJson<{ flow: string; options: PublicKeyCredentialCreationOptionsJSON }>(
    '/api/v1/auth/passkeys/options',
    { passphrase },
  );
  const { startRegistration } = await webauthn();
  const response = await startRegistration({ optionsJSON: asked.options });
  return postJson<PasskeyRow>('/api/v1/auth/passkeys', { flow: asked.flow, label, response });
};
