import { z } from 'zod';
import type { AuditTip } from './chain.ts';

/** `audit-head.json`: how far the log went at a time, signed. A log that is shorter, or other there, was touched. */
export const auditHeadSchema = z.object({
  version: z.literal(1),
  /** The last entry. */
  seq: z.number().int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** ISO 8601. */
  at: z.string(),
  /** SHA-256 of the public key (SPKI) in hex. */
  key: z.string().regex(/^[0-9a-f]{64}$/),
  /** Ed25519 over `headText`, base64url. */
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type AuditHead = z.infer<typeof auditHeadSchema>;

/** What a head signs. */
export const headText = ({ seq, hash, at }: Pick<AuditHead, 'seq' | 'hash' | 'at'>): string =>
  `claude-orchestrator audit head v1\n${seq}\n${hash}\n${at}\n`;

/** A head as it was found: `missing` no file, `broken` no head in it, `foreign` not signed by this key. */
export type FoundHead =
  | { readonly is: 'good'; readonly place: string; readonly head: AuditHead }
  | { readonly is: 'missing' | 'broken' | 'foreign'; readonly place: string };

/** What keeps the signed head of the log on disk. */
export interface AuditHeads {
  /** The heads as the last server left them, read at the start: its own first, then the copy where one is set. */
  readonly found: readonly FoundHead[];
  /** True where no key was there, so that it was made now. */
  readonly keyIsNew: boolean;
  /** Signs and writes the head, not for each entry but as often as the disk takes it. */
  changed(tip: AuditTip): void;
  /** Puts the heads that were found aside, so that a signed proof of what is lost stays. */
  keepFound(): Promise<void>;
  /** What is wrong with writing them, a sentence each. */
  problems(): readonly string[];
  /** Resolves when what was to be written is. */
  flush(): Promise<void>;
}
