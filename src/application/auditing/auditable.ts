import type { z } from 'zod';
import type { AuditEntry } from '../../domain/audit.ts';
import { isSecretName, REDACTED, withoutSecrets } from '../../domain/secretText.ts';

type Json = z.core.util.JSONType;

const MAX_TEXT = 2000;
/** Of what a worker asked for: it can be as long as a file, and the digest binds the whole of it. */
const MAX_ASKED = 500;
const MAX_MEMBERS = 100;
const MAX_DEPTH = 5;

/**
 * Parts of a proof that must stay as they are, or nobody could check them. What they may hold is random bytes in
 * base64url or hex, which now and then look like a key.
 */
const PROOFS: ReadonlySet<string> = new Set([
  'digest',
  'hash',
  'credential_id',
  'public_key',
  'client_data_json',
  'authenticator_data',
  'signature',
]);
const PROOF = /^[A-Za-z0-9_-]{1,4000}$/;

const cut = (text: string, most = MAX_TEXT): string => {
  if (text.length <= most) return text;
  const head = text.slice(0, most);
  // Half of a pair would not survive UTF-8, and the hash is of what is stored.
  return `${/[\uD800-\uDBFF]$/.test(head) ? head.slice(0, -1) : head}… [${text.length} characters]`;
};

/**
 * An entry as it may be written for ever: secrets struck out by name and by form, text cut at 2,000 characters,
 * what a worker asked for (`command`, and `input` as JSON) at 500, lists and objects at 100 members, nothing deeper than five. Everything that is appended goes through here.
 * @param strike strikes out the secrets that are known by value.
 */
export const auditable = (entry: AuditEntry, strike: (text: string) => string): AuditEntry => {
  const text = (value: string, most?: number): string =>
    cut(withoutSecrets(strike(value.slice(0, 20 * MAX_TEXT))).toWellFormed(), most);
  const clean = (name: string, value: Json, depth: number): Json => {
    if (typeof value === 'string') {
      if (PROOFS.has(name) && PROOF.test(value)) return value;
      if (isSecretName(name) && value !== '') return REDACTED;
      return name === 'command' ? text(value, MAX_ASKED) : text(value);
    }
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= MAX_DEPTH) return '…';
    if (Array.isArray(value)) return value.slice(0, MAX_MEMBERS).map((part) => clean(name, part, depth + 1));
    const whole = members(value, depth);
    return name === 'input' ? text(JSON.stringify(whole), MAX_ASKED) : whole;
  };
  const members = (value: Readonly<Record<string, Json>>, depth: number): Record<string, Json> =>
    Object.fromEntries(
      Object.entries(value)
        .slice(0, MAX_MEMBERS)
        .map(([key, part]) => [cut(key.toWellFormed()), clean(key, part, depth + 1)]),
    );
  return { ...entry, actor: text(entry.actor), detail: members(entry.detail, 0) };
};
