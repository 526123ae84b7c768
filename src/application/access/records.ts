import { z } from 'zod';
import { principalIdSchema, roleSchema } from '../../domain/principal.ts';

/** Times are milliseconds since the epoch; hashes are SHA-256 in hex. */

export const apiKeySchema = z.object({
  /** Names the key, proves nothing. Rotated keys are `<id>.2`, `<id>.3`: one principal, see `keyPrincipal`. */
  id: z.string(),
  label: z.string(),
  role: roleSchema,
  /** First characters of the key, by which its owner knows it again. */
  prefix: z.string(),
  sha256: z.string(),
  createdAt: z.number(),
  expiresAt: z.number().optional(),
  lastUsedAt: z.number().optional(),
  revokedAt: z.number().optional(),
});
export type ApiKey = Readonly<z.infer<typeof apiKeySchema>>;

export const passkeySchema = z.object({
  /** WebAuthn's credential id, base64url. */
  id: z.string(),
  label: z.string(),
  /** COSE key, base64url. */
  publicKey: z.string(),
  counter: z.number(),
  transports: z.array(z.string()).readonly(),
  createdAt: z.number(),
  lastUsedAt: z.number().optional(),
});
export type Passkey = Readonly<z.infer<typeof passkeySchema>>;

export const viaSchema = z.enum(['link', 'passphrase', 'passkey', 'key']);
/** How a session was opened. */
export type Via = z.infer<typeof viaSchema>;

export const sessionSchema = z.object({
  sha256: z.string(),
  principal: principalIdSchema,
  roles: z.array(roleSchema).readonly(),
  via: viaSchema,
  createdAt: z.number(),
  expiresAt: z.number(),
});
export type Session = Readonly<z.infer<typeof sessionSchema>>;

/** A session as the audit log names it: enough to tell it from others, nothing to open it by. */
export const sessionMark = ({ sha256 }: Pick<Session, 'sha256'>): string => sha256.slice(0, 16);

/** A key as the audit log tells it from another of the same id. */
export const keyFingerprint = ({ sha256 }: Pick<ApiKey, 'sha256'>): string => sha256.slice(0, 16);

export const passphraseRecordSchema = z.object({
  version: z.literal(1),
  algorithm: z.literal('scrypt'),
  /** Bounded, so that a file that was tampered with cannot make a login take all memory. */
  n: z
    .number()
    .int()
    .min(2 ** 14)
    .max(2 ** 20)
    .refine((n) => Number.isInteger(Math.log2(n)), 'must be a power of two'),
  r: z.number().int().min(1).max(16),
  p: z.number().int().min(1).max(4),
  /** Base64url. */
  salt: z.string().regex(/^[A-Za-z0-9_-]{22,88}$/),
  hash: z.string().regex(/^[A-Za-z0-9_-]{43,88}$/),
  created_at: z.number(),
});
/** `passphrase.json`. */
export type PassphraseRecord = Readonly<z.infer<typeof passphraseRecordSchema>>;
