import { createHash, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import type { Page } from 'playwright-core';

export type Passkey = { readonly id: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject };

export const newPasskey = (): Passkey => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { id: Buffer.from('a passkey of the tests').toString('base64url'), ...pair };
};

/** Gives the browser an authenticator that has the passkey, and whose owner says yes. */
export const plugIn = async (page: Page, { id, privateKey }: Passkey): Promise<void> => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
  await devtools.send('WebAuthn.addCredential', {
    authenticatorId,
    credential: {
      credentialId: Buffer.from(id, 'base64url').toString('base64'),
      isResidentCredential: true,
      rpId: 'localhost',
      privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      userHandle: Buffer.from('person').toString('base64'),
      signCount: 0,
    },
  });
};

/** What a passkey has to sign so that it approves this and nothing else. */
export const challengeOf = (approvalId: string, digest: string): string =>
  createHash('sha256')
    .update(`claude-orchestrator approval v1\n${approvalId}\n${digest}`)
    .digest('base64url');

const field = (value: unknown, name: string): string => {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'string' ? found : '';
};

/** Whether the browser's response is a signature of `passkey` over `challenge`. */
export const isSigned = (response: unknown, challenge: string, passkey: Passkey): boolean => {
  const given: unknown =
    typeof response === 'object' && response !== null ? Reflect.get(response, 'response') : undefined;
  const bytes = (name: string): Buffer => Buffer.from(field(given, name), 'base64url');
  const client = bytes('clientDataJSON');
  const signed = Buffer.concat([bytes('authenticatorData'), createHash('sha256').update(client).digest()]);
  return (
    field(response, 'id') === passkey.id &&
    field(JSON.parse(client.toString()), 'challenge') === challenge &&
    verify('sha256', signed, passkey.publicKey, bytes('signature'))
  );
};
