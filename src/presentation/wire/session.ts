import { z } from 'zod';
import {
  assertionResponseSchema,
  registrationResponseSchema,
} from '../../application/access/passkeyResponses.ts';
import { type Passkey, type Session, viaSchema } from '../../application/access/records.ts';
import { roleSchema } from '../../domain/principal.ts';
import { labelField } from './keys.ts';
import { isoTime } from './task.ts';

export const personAnswerSchema = z.object({
  passphrase_set: z.boolean(),
  /** How many are registered. */
  passkeys: z.number(),
});

/** Who the browser is; what every login answers. */
export const sessionAnswerSchema = z.object({
  principal: z.string(),
  roles: z.array(roleSchema).readonly(),
  via: viaSchema,
  expires_at: z.string(),
  person: personAnswerSchema,
});
export type SessionAnswer = z.infer<typeof sessionAnswerSchema>;

export const passphraseField = z.string().min(1).max(1024);
export const passphraseInputSchema = z.strictObject({ passphrase: passphraseField });
export const keyLoginInputSchema = z.strictObject({ api_key: z.string().min(1).max(4096) });

/** `flow` names the ceremony that was begun; `options` are for the browser's WebAuthn call. */
export const ceremonyAnswerSchema = z.object({
  flow: z.string(),
  options: z.record(z.string(), z.unknown()),
});
export type CeremonyAnswer = z.infer<typeof ceremonyAnswerSchema>;

const flowField = z.string().min(1).max(100);
export const passkeyLoginInputSchema = z.strictObject({ flow: flowField, response: assertionResponseSchema });
export const passkeyInputSchema = z.strictObject({
  flow: flowField,
  label: labelField,
  response: registrationResponseSchema,
});

export const passkeyRowSchema = z.object({
  id: z.string(),
  label: z.string(),
  created_at: z.string(),
  last_used_at: z.string().optional(),
});
export type PasskeyRow = z.infer<typeof passkeyRowSchema>;
export const passkeysAnswerSchema = z.object({ passkeys: z.array(passkeyRowSchema).readonly() });

export const linkAnswerSchema = z.object({ url: z.string() });

export const sessionToWire = (
  session: Session,
  person: { readonly passphraseSet: boolean; readonly passkeys: number },
): SessionAnswer => ({
  principal: session.principal,
  roles: session.roles,
  via: session.via,
  expires_at: isoTime(session.expiresAt),
  person: { passphrase_set: person.passphraseSet, passkeys: person.passkeys },
});

export const passkeyToWire = (passkey: Passkey): PasskeyRow => ({
  id: passkey.id,
  label: passkey.label,
  created_at: isoTime(passkey.createdAt),
  ...(passkey.lastUsedAt === undefined ? {} : { last_used_at: isoTime(passkey.lastUsedAt) }),
});
