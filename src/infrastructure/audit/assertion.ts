import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { z } from 'zod';
import type { CheckAssertion } from '../../application/auditing/loggedPasskeys.ts';

const clientData = z
  .string()
  .transform((text): unknown => JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
  .pipe(z.object({ origin: z.url() }));

/**
 * Checks an assertion without the server that it was made for. Which origin that had, the authenticator signed as
 * well: it must be one page, whose host is the relying party.
 */
export const checkAssertion: CheckAssertion = async (assertion, challenge) => {
  try {
    const { origin } = clientData.parse(assertion.clientDataJson);
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id: assertion.credentialId,
        rawId: assertion.credentialId,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: assertion.clientDataJson,
          authenticatorData: assertion.authenticatorData,
          signature: assertion.signature,
        },
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
      requireUserVerification: true,
      credential: {
        id: assertion.credentialId,
        publicKey: new Uint8Array(Buffer.from(assertion.publicKey, 'base64url')),
        counter: 0,
      },
    });
    return verified ? undefined : 'the signature is not good';
  } catch (thrown) {
    return `the signature is not good: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
};
