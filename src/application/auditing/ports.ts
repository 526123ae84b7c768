import type { AuditEntry, AuditType } from '../../domain/audit.ts';
import type { AuditTip } from './chain.ts';

/** An entry in its place. */
export type ChainedEntry = AuditEntry & {
  /** Counts from 1, without a gap. */
  readonly seq: number;
  /** SHA-256 in hex of the entry before; 64 zeros before the first. */
  readonly previous: string;
  /** SHA-256 in hex over the canonical JSON of everything else here. */
  readonly hash: string;
};

/** The append-only log of who did what. */
export interface AuditTrail {
  /** Resolves when it is durable. Decisions are audited in their own transaction instead: see `Change`. */
  append(entry: Omit<AuditEntry, 'at'>): Promise<void>;
  /** Newest first, below `before`. */
  read(page: { readonly before?: number; readonly limit: number }): Promise<readonly ChainedEntry[]>;
}

/** What a person set, and can be set behind the server's back too: each start looks up what was last known. */
export type SettingType = Extract<AuditType, 'passphrase.set' | 'settings.changed' | 'policy.changed'>;

/** The log where it lies. */
export interface AuditStore extends AuditTrail {
  /** The last entry; undefined where there is none. */
  tip(): Promise<AuditTip | undefined>;
  /** @returns the hash of an entry; undefined where there is no such entry. */
  hashAt(seq: number): Promise<string | undefined>;
  lastOf(type: SettingType): Promise<ChainedEntry | undefined>;
}
