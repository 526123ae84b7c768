import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { PasskeyVerifier } from '../../application/access/ports.ts';

const NAME = 'Claude Orchestrator';
const TIMEOUT_MS = 300_000;
/** EdDSA, ES256, RS256: what authenticators in use can do. */
const ALGORITHMS = [-8, -7, -257];
/** One person: the same handle each time, so that an authenticator replaces its passkey and does not pile them up. */
const USER_HANDLE = new TextEncoder().encode('claude-orchestrator-person');

export type RelyingParty = {
  /** `localhost`, or the host of the public URL. */
  readonly id: string;
  /** Origins of the server's own pages, as a browser writes them. */
  readonly origins: readonly string[];
};

/** The library throws for everything that is not right; which of it, is nobody's business but the log's. */
const orNone = async <T>(verify: () => Promise<T | undefined>): Promise<T | undefined> => {
  try {
    return await verify();
  } catch {
    return undefined;
  }
};

/** WebAuthn by @simplewebauthn/server. @param party asked each time: the port is known only once the server listens. */
export const createPasskeyVerifier = (party: () => RelyingParty): PasskeyVerifier => ({
  registration: async (known) => {
    const options = await generateRegistrationOptions({
      rpName: NAME,
      rpID: party().id,
      userName: 'person',
      userDisplayName: 'Person of this machine',
      userID: USER_HANDLE,
      timeout: TIMEOUT_MS,
      attestationType: 'none',
      excludeCredentials: known.map(({ id, transports }) => ({ id, transports: [...transports] })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    });
    return { options: { ...options }, challenge: options.challenge };
  },
  assertion: async (challenge) => {
    const options = await generateAuthenticationOptions({
      rpID: party().id,
      timeout: TIMEOUT_MS,
      userVerification: 'required',
      // As bytes: the library would take a string for text and encode it once more.
      ...(challenge === undefined ? {} : { challenge: new Uint8Array(Buffer.from(challenge, 'base64url')) }),
    });
    return { options: { ...options }, challenge: options.challenge };
  },
  register: (response, challenge) =>
    orNone(async () => {
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: { ...response, clientExtensionResults: {} },
        expectedChallenge: challenge,
        expectedOrigin: [...party().origins],
        expectedRPID: party().id,
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS,
      });
      if (!verified) return undefined;
      const { id, publicKey, counter } = registrationInfo.credential;
      return {
        id,
        publicKey: Buffer.from(publicKey).toString('base64url'),
        counter,
        transports: response.response.transports ?? [],
      };
    }),
  verify: (response, challenge, passkey) =>
    orNone(async () => {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: { ...response, clientExtensionResults: {} },
        expectedChallenge: challenge,
        expectedOrigin: [...party().origins],
        expectedRPID: party().id,
        requireUserVerification: true,
        credential: {
          id: passkey.id,
          publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
          counter: passkey.counter,
          transports: [...passkey.transports],
        },
      });
      return verified ? authenticationInfo.newCounter : undefined;
    }),
});
