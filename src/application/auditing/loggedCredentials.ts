import { z } from 'zod';
import type { AuditRow } from './chain.ts';
import { jsonText } from './jsonText.ts';

/** Credentials as the store holds them, for a comparison with what the log tells of them. */
export type StoredCredentials = {
  readonly keys: readonly {
    readonly id: string;
    readonly role: string;
    readonly sha256: string;
    readonly revokedAt: number | null;
  }[];
  readonly passkeys: readonly { readonly id: string; readonly publicKey: string }[];
  /** Of the person alone. */
  readonly sessions: readonly { readonly sha256: string; readonly via: string }[];
};

type LoggedKey = {
  readonly role: string;
  readonly fingerprint: string | undefined;
  readonly revoked: boolean;
};
type LoggedLogin = { readonly via: string; readonly at: number };

const MARK = 16;
/** As long as a session lasts. */
const SESSION_MS = 12 * 3_600_000;
const MAY_APPROVE: ReadonlySet<string> = new Set(['approver', 'admin']);

const told = jsonText.pipe(
  z.object({
    key_id: z.string().optional(),
    role: z.string().optional(),
    successor: z.string().optional(),
    fingerprint: z.string().optional(),
    passkey_id: z.string().optional(),
    public_key: z.string().optional(),
    via: z.string().optional(),
    session: z.string().optional(),
  }),
);
type Told = z.infer<typeof told>;

const firstId = (id: string): string => id.split('.')[0] ?? id;

/**
 * Which keys, passkeys and sessions there are by the entries of a log, in their order. Whoever may write the database
 * can put in a key, give one another role, or open a session: the log knows nothing of it, and that tells.
 */
export class LoggedCredentials {
  readonly #keys = new Map<string, LoggedKey>();
  readonly #passkeys = new Map<string, string | undefined>();
  readonly #logins = new Map<string, LoggedLogin>();
  /** Approvals of which a code was shown, with the session that it was shown to. */
  readonly #codes = new Map<string, string | undefined>();

  see(row: AuditRow): void {
    const detail = told.safeParse(row.detail).data;
    if (detail === undefined) return;
    switch (row.type) {
      case 'key.created':
      case 'key.rotated':
      case 'key.revoked':
        this.#key(row.type, detail);
        return;
      case 'passkey.added':
        if (detail.passkey_id !== undefined) this.#passkeys.set(detail.passkey_id, detail.public_key);
        return;
      case 'passkey.removed':
        if (detail.passkey_id !== undefined) this.#passkeys.delete(detail.passkey_id);
        return;
      case 'login.accepted':
        if (detail.session !== undefined)
          this.#logins.set(detail.session, { via: detail.via ?? '', at: row.at });
        return;
      case 'approval.code_shown':
        if (row.approval_id !== null) this.#codes.set(row.approval_id, detail.session);
        return;
      default:
    }
  }

  /** @returns why the log does not bear out that whoever approved could; undefined where it does. */
  wrongApproval(row: AuditRow, channel: string): string | undefined {
    if (channel === 'key') return row.actor.startsWith('key:') ? this.#wrongKey(row.actor) : undefined;
    if (channel === 'passphrase') return this.#wrongSession(row, told.safeParse(row.detail).data?.session);
    if (channel !== 'code') return undefined;
    const id = row.approval_id ?? '';
    return this.#codes.has(id)
      ? this.#wrongSession(row, this.#codes.get(id))
      : 'no code was shown to a person';
  }

  /** What the store holds that the log does not tell of, a sentence each. */
  strangers({ keys, passkeys, sessions }: StoredCredentials): readonly string[] {
    return [
      ...keys.flatMap((key) => {
        const why = this.#wrongRow(key);
        return why === undefined ? [] : [`the key ${key.id} in the store ${why}.`];
      }),
      ...passkeys.flatMap(({ id, publicKey }) => {
        if (!this.#passkeys.has(id))
          return [`the passkey ${id} is in the store, and no entry tells that it was added.`];
        const logged = this.#passkeys.get(id);
        return logged === undefined || logged === publicKey
          ? []
          : [`the passkey ${id} in the store has another public key than the one that was added.`];
      }),
      ...sessions.flatMap(({ sha256, via }) =>
        this.#logins.get(sha256.slice(0, MARK))?.via === via
          ? []
          : [`a session of the person (${via}) is in the store, and no entry tells of its login.`],
      ),
    ];
  }

  #key(type: string, { key_id: id, role, successor, fingerprint }: Told): void {
    if (id === undefined) return;
    const old = this.#keys.get(id);
    if (type === 'key.created') this.#keys.set(id, { role: role ?? '', fingerprint, revoked: false });
    else if (type === 'key.revoked') this.#keys.set(id, { role: '', fingerprint, ...old, revoked: true });
    else if (successor !== undefined)
      this.#keys.set(successor, { role: old?.role ?? '', fingerprint, revoked: false });
  }

  #wrongKey(actor: string): string | undefined {
    const first = firstId(actor.slice('key:'.length));
    const known = [...this.#keys].filter(([id]) => firstId(id) === first).map(([, key]) => key);
    if (known.length === 0) return 'no entry tells that this key was made';
    if (!known.some(({ role }) => MAY_APPROVE.has(role))) return 'this key was made for no approver';
    return known.every(({ revoked }) => revoked) ? 'this key had been revoked before' : undefined;
  }

  #wrongSession(row: AuditRow, session: string | undefined): string | undefined {
    if (session === undefined)
      // Of a server that named no sessions yet; one that does names each.
      return this.#logins.size === 0 ? undefined : 'it names no session of a person';
    const login = this.#logins.get(session);
    if (login === undefined || (login.via !== 'passphrase' && login.via !== 'passkey'))
      return 'no entry tells that a person signed in to this session';
    return row.at - login.at > SESSION_MS ? 'the session had ended before' : undefined;
  }

  #wrongRow({ id, role, sha256, revokedAt }: StoredCredentials['keys'][number]): string | undefined {
    const logged = this.#keys.get(id);
    if (logged === undefined) return 'is one that no entry tells of';
    if (logged.role !== role) return `has the role ${role}, and was made as ${logged.role}`;
    if (logged.fingerprint !== undefined && logged.fingerprint !== sha256.slice(0, MARK))
      return 'is another one than the one that was made under this id';
    return logged.revoked && revokedAt === null ? 'is good again, and was revoked' : undefined;
  }
}
