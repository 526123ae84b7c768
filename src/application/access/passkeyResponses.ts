import { z } from 'zod';

/** What a browser's authenticator answered, in WebAuthn's own names; all binary as base64url. */
const base64url = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/, 'must be base64url');

const credentialId = base64url(2048);

/** Extension results and attachment are dropped: nothing here asks for them, and nobody vouches for them. */
const publicKeyCredential = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
});

/** Of `navigator.credentials.create`. */
export const registrationResponseSchema = publicKeyCredential.extend({
  response: z.object({
    clientDataJSON: base64url(16_384),
    attestationObject: base64url(131_072),
    transports: z.array(z.string().max(40)).max(10).optional(),
  }),
});
export type RegistrationResponse = z.infer<typeof registrationResponseSchema>;

/** Of `navigator.credentials.get`. */
export const assertionResponseSchema = publicKeyCredential.extend({
  response: z.object({
    clientDataJSON: base64url(16_384),
    authenticatorData: base64url(16_384),
    signature: base64url(16_384),
    userHandle: base64url(256).optional(),
  }),
});
export type AssertionResponse = z.infer<typeof assertionResponseSchema>;
