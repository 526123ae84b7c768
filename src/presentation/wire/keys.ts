import { z } from 'zod';
import type { ApiKey } from '../../application/access/records.ts';
import { roleSchema } from '../../domain/principal.ts';
import { isoTime } from './task.ts';

/** Longest overlap of a rotated key, seconds. */
export const MAX_OVERLAP_SECONDS = 3600;

export const labelField = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'must hold no control characters');

export const keyIdField = z
  .string()
  .regex(/^[0-9a-f]{16}(\.[1-9]\d{0,5})?$/, 'a key id looks like 0123456789abcdef');

export const createKeyInputSchema = z.strictObject({
  label: labelField,
  role: roleSchema,
  /** Left out: the key does not expire. */
  expires_in_days: z.number().int().min(1).max(3650).optional(),
});
export type CreateKeyInput = z.infer<typeof createKeyInputSchema>;

export const rotateKeyInputSchema = z.strictObject({
  /** How long the old key stays good beside the new one. */
  overlap_seconds: z.number().int().min(0).max(MAX_OVERLAP_SECONDS).default(0),
});

export const keyRowSchema = z.object({
  id: z.string(),
  label: z.string(),
  role: roleSchema,
  prefix: z.string(),
  created_at: z.string(),
  expires_at: z.string().optional(),
  last_used_at: z.string().optional(),
  revoked_at: z.string().optional(),
});
export type KeyRow = z.infer<typeof keyRowSchema>;

export const keyListAnswerSchema = z.object({ keys: z.array(keyRowSchema).readonly() });

/** The only answer that ever holds the key itself. */
export const newKeySchema = keyRowSchema.extend({ key: z.string() });
export type NewKey = z.infer<typeof newKeySchema>;

export const keyToWire = (key: ApiKey): KeyRow => ({
  id: key.id,
  label: key.label,
  role: key.role,
  prefix: key.prefix,
  created_at: isoTime(key.createdAt),
  ...(key.expiresAt === undefined ? {} : { expires_at: isoTime(key.expiresAt) }),
  ...(key.lastUsedAt === undefined ? {} : { last_used_at: isoTime(key.lastUsedAt) }),
  ...(key.revokedAt === undefined ? {} : { revoked_at: isoTime(key.revokedAt) }),
});

/** A key that was made just now, with the secret that is shown this once. */
export const newKeyToWire = ({ key, secret }: { readonly key: ApiKey; readonly secret: string }): NewKey => ({
  ...keyToWire(key),
  key: secret,
});
