import type { Logger } from '../ports/logger.ts';
import type { AuditTip } from './chain.ts';
import type { AuditFeed } from './feed.ts';
import type { AuditHeads, FoundHead } from './head.ts';
import type { AuditStore } from './ports.ts';

/** What a start found wrong with the log. */
export type Damage = {
  readonly kind: 'cut' | 'rewritten' | 'head_missing' | 'head_broken' | 'head_foreign' | 'key_missing';
  readonly text: string;
};

const ofHead = async (
  found: FoundHead,
  isCopy: boolean,
  tip: AuditTip | undefined,
  store: Pick<AuditStore, 'hashAt'>,
): Promise<readonly Damage[]> => {
  const { place } = found;
  switch (found.is) {
    case 'missing':
      // A copy is missing, too, where the setting is new.
      return tip === undefined || isCopy
        ? []
        : [{ kind: 'head_missing', text: `The signed head of the audit log, ${place}, is gone.` }];
    case 'broken':
      return [{ kind: 'head_broken', text: `${place} holds no head of an audit log.` }];
    case 'foreign':
      return [{ kind: 'head_foreign', text: `The head in ${place} is not signed by this server's key.` }];
    case 'good': {
      const { seq, hash, at } = found.head;
      if ((tip?.seq ?? 0) < seq) {
        return [
          {
            kind: 'cut',
            text: `The audit log ends at entry ${tip?.seq ?? 0}, but ${place} says that it had ${seq} on ${at}: its end was cut off, or an old copy was put back.`,
          },
        ];
      }
      if (seq === 0 || (await store.hashAt(seq)) === hash) return [];
      return [
        {
          kind: 'rewritten',
          text: `Entry ${seq} of the audit log is not the one that ${place} was signed for on ${at}.`,
        },
      ];
    }
  }
};

/** Compares the log with the heads that the last server signed. */
export const damageAtStart = async (
  store: Pick<AuditStore, 'tip' | 'hashAt'>,
  heads: Pick<AuditHeads, 'found' | 'keyIsNew'>,
): Promise<readonly Damage[]> => {
  const tip = await store.tip();
  if (heads.keyIsNew && tip !== undefined) {
    return [
      { kind: 'key_missing', text: 'The key that signs the audit log is gone; a new one was made.' },
      ...heads.found
        .filter(({ is }) => is === 'missing')
        .slice(0, 1)
        .map(({ place }): Damage => ({ kind: 'head_missing', text: `${place} is gone.` })),
    ];
  }
  const all = await Promise.all(heads.found.map((found, at) => ofHead(found, at > 0, tip, store)));
  return all.flat();
};

/**
 * Opens the log: its first entry of a start says what was found of the last one. A log that was touched is told
 * (in the entry, at CRITICAL, by the problems of the server's health), and never keeps the server from starting.
 * @returns what is wrong, a sentence each.
 */
export const startAudit = async (o: {
  readonly store: Pick<AuditStore, 'tip' | 'hashAt'>;
  /** Not waited for: on a full disk the entry is written late, and the server starts all the same. */
  readonly feed: Pick<AuditFeed, 'tell'>;
  readonly heads: AuditHeads;
  readonly logger: Logger;
  readonly version: string;
}): Promise<readonly string[]> => {
  const damage = await damageAtStart(o.store, o.heads);
  const tip = await o.store.tip();
  const [own] = o.heads.found;
  if (damage.length > 0) await o.heads.keepFound();
  o.feed.tell({
    type: 'server.started',
    actor: 'server',
    detail: {
      version: o.version,
      ...(own?.is === 'good' ? { head: { seq: own.head.seq, hash: own.head.hash, at: own.head.at } } : {}),
      ...(tip === undefined ? {} : { log: { seq: tip.seq, hash: tip.hash } }),
      ...(damage.length === 0 ? {} : { damage: damage.map(({ kind, text }) => ({ kind, text })) }),
    },
  });
  for (const { kind, text } of damage)
    o.logger.critical('SECURITY', 'the audit log was touched', { kind, text });
  return damage.map(({ text }) => `${text} Run \`claude-orchestrator audit verify\`.`);
};
