import type { AuditEntry } from '../../domain/audit.ts';
import { canonicalJson } from '../canonicalJson.ts';
import type { AuditFeed } from './feed.ts';
import type { AuditStore, SettingType } from './ports.ts';

/** What a setting is now, in names and hashes; undefined where it is not set. */
export type Seen = AuditEntry['detail'] | undefined;

const REMOVED = { removed: true } as const;

/**
 * Audits what a person sets in a file: `init` runs without the server, and a file can be changed by hand as well, so
 * what counts is what the server finds. It compares with the last entry of the type, also of an earlier server.
 */
export const settingWatch = async (
  { lastOf }: Pick<AuditStore, 'lastOf'>,
  feed: Pick<AuditFeed, 'tell'>,
  type: SettingType,
): Promise<(seen: Seen) => void> => {
  const last = await lastOf(type);
  let known = canonicalJson(last?.detail ?? REMOVED);
  return (seen) => {
    const now = canonicalJson(seen ?? REMOVED);
    if (now === known) return;
    known = now;
    feed.tell({ type, actor: 'server', detail: seen ?? REMOVED });
  };
};
