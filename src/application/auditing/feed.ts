import type { AuditEntry } from '../../domain/audit.ts';
import type { Logger } from '../ports/logger.ts';
import type { Clock } from '../ports/system.ts';
import { Bounded } from './bounded.ts';
import type { AuditTrail } from './ports.ts';

type Told = Omit<AuditEntry, 'at'>;

/** For what is told beside the work, and must not hold it up or make it fail. */
export interface AuditFeed {
  tell(entry: Told): void;
  /** For what strangers can make happen as often as they like: ten a minute of a kind, then a count. */
  tellSome(kind: string, entry: Told): void;
  /** Resolves when everything told so far is durable; counts of what was left out are told with it. */
  flush(): Promise<void>;
}

/** @param onLost hears a sentence once an entry could not be written. */
export const auditFeed = (o: {
  readonly trail: Pick<AuditTrail, 'append'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onLost: (problem: string) => void;
}): AuditFeed => {
  const bounded = new Bounded(() => o.clock.now());
  const waiting = new Set<Promise<void>>();
  const tell = (entry: Told): void => {
    const written = o.trail.append(entry).catch((thrown: unknown) => {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      o.logger.critical('SECURITY', 'an audit entry was lost', { type: entry.type, error });
      o.onLost(`An entry of the audit log (${entry.type}) could not be written: ${error.message}`);
    });
    waiting.add(written);
    void written.then(() => waiting.delete(written));
  };
  return {
    tell,
    tellSome: (kind, entry) => {
      const leftOut = bounded.take(kind);
      if (leftOut === undefined) return;
      tell(leftOut === 0 ? entry : { ...entry, detail: { ...entry.detail, left_out: leftOut } });
    },
    flush: async () => {
      for (const [kind, count] of bounded.rest()) {
        tell({ type: 'input.hostile', actor: 'unknown', detail: { kind, left_out: count } });
      }
      await Promise.all(waiting);
    },
  };
};

/** Where nothing is audited: tests, and documents that are made of routes. */
export const noFeed: AuditFeed = { tell: () => {}, tellSome: () => {}, flush: async () => {} };
