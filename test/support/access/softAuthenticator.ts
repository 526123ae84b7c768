import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { z } from 'zod';

const optionsSchema = z.object({ challenge: z.string() });

const PRESENT = 0x01;
const VERIFIED = 0x04;
const WITH_KEY = 0x40;

export type Ceremony = {
  readonly origin: string;
  readonly rpId?: string;
  /** False: somebody touched it, nobody proved to be the person. */
  readonly verified?: boolean;
  /** The counter that it tells, instead of the next one. */
  readonly counter?: number;
};

const sha256 = (data: Uint8Array | string): Buffer => createHash('sha256').update(data).digest();
const base64url = (data: Uint8Array): string => Buffer.from(data).toString('base64url');

/** An authenticator in software with one ES256 key, which says what the test wants it to say. */
export const softAuthenticator = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const id = randomBytes(32);
  let counter = 0;

  const clientData = (type: string, options: unknown, origin: string): Buffer =>
    Buffer.from(
      JSON.stringify({ type, challenge: optionsSchema.parse(options).challenge, origin, crossOrigin: false }),
    );
  const authData = (o: Ceremony, flags: number, rest: Uint8Array = new Uint8Array()): Buffer => {
    counter = o.counter ?? counter + 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const verified = o.verified === false ? 0 : VERIFIED;
    return Buffer.concat([sha256(o.rpId ?? 'localhost'), Buffer.of(flags | PRESENT | verified), count, rest]);
  };

  return {
    id: base64url(id),
    /** What `navigator.credentials.create` gives. */
    create: (options: unknown, o: Ceremony) => {
      const key = isoCBOR.encode(
        new Map<number, number | Uint8Array<ArrayBuffer>>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
          [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
        ]),
      );
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const data = authData(o, WITH_KEY, Buffer.concat([Buffer.alloc(16), length, id, key]));
      const attestation = isoCBOR.encode(
        new Map<string, string | Map<string, string> | Uint8Array<ArrayBuffer>>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', new Uint8Array(data)],
        ]),
      );
      return {
        id: base64url(id),
        rawId: base64url(id),
        type: 'public-key' as const,
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(clientData('webauthn.create', options, o.origin)),
          attestationObject: base64url(attestation),
          transports: ['internal'],
        },
      };
    },
    /** What `navigator.credentials.get` gives. */
    get: (options: unknown, o: Ceremony) => {
      const client = clientData('webauthn.get', options, o.origin);
      const data = authData(o, 0);
      const signature = createSign('sha256')
        .update(Buffer.concat([data, sha256(client)]))
        .sign(privateKey);
      return {
        id: base64url(id),
        rawId: base64url(id),
        type: 'public-key' as const,
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(client),
          authenticatorData: base64url(data),
          signature: base64url(signature),
        },
      };
    },
  };
};
