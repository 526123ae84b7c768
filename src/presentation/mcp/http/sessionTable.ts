import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../application/ports/system.ts';
import type { PrincipalId } from '../../../domain/principal.ts';
import type { McpSession } from './session.ts';

export type SessionLimits = {
  readonly ofPrincipal: number;
  readonly inAll: number;
  /** How long nothing may be open or sent, milliseconds. */
  readonly idleMs: number;
};

/** A session costs 44 KB when it is new. Idle for a day: longer than that nothing waits for a person by default. */
const LIMITS: SessionLimits = { ofPrincipal: 32, inAll: 256, idleMs: 24 * 3_600_000 };

export type SessionTable = {
  /**
   * Opens one for a principal; where it has as many as it may, its longest idle one ends.
   * @returns undefined where there may be no more.
   */
  readonly open: (principal: PrincipalId) => McpSession | undefined;
  /** A principal's own; what it does not have is answered like what there is not. */
  readonly find: (id: string, principal: PrincipalId) => McpSession | undefined;
  /** Ends what was idle for too long. */
  readonly sweep: () => void;
  readonly endAll: () => void;
  readonly endOf: (principal: PrincipalId) => void;
  readonly count: () => number;
};

type Entry = { readonly principal: PrincipalId; readonly session: McpSession; readonly usedAt: number };

/**
 * The sessions that are open, by id, those used last at the end.
 * @param make makes one that calls `onEnd` once it has ended.
 */
export const createSessionTable = (o: {
  readonly clock: Clock;
  readonly make: (id: string, onEnd: () => void) => McpSession;
  readonly limits?: SessionLimits | undefined;
}): SessionTable => {
  const { ofPrincipal, inAll, idleMs } = o.limits ?? LIMITS;
  const entries = new Map<string, Entry>();

  const use = (id: string, entry: Omit<Entry, 'usedAt'>): void => {
    entries.delete(id);
    entries.set(id, { ...entry, usedAt: o.clock.now() });
  };

  const endWhere = (fits: (entry: Entry) => boolean): void => {
    for (const entry of [...entries.values()]) if (fits(entry)) entry.session.end();
  };

  const mayOpen = (principal: PrincipalId): boolean => {
    const own = [...entries.values()].filter((entry) => entry.principal === principal);
    if (own.length < ofPrincipal && entries.size < inAll) return true;
    // Another's is never put out for it.
    const idle = own.find(({ session }) => !session.isBusy());
    idle?.session.end();
    return idle !== undefined;
  };

  return {
    open: (principal) => {
      if (!mayOpen(principal)) return undefined;
      const id = randomUUID();
      const session = o.make(id, () => entries.delete(id));
      use(id, { principal, session });
      return session;
    },
    find: (id, principal) => {
      const entry = entries.get(id);
      if (entry === undefined || entry.principal !== principal) return undefined;
      use(id, entry);
      return entry.session;
    },
    sweep: () => {
      const now = o.clock.now();
      for (const [id, entry] of [...entries]) {
        if (entry.session.isBusy()) use(id, entry);
        else if (now - entry.usedAt >= idleMs) entry.session.end();
      }
    },
    endAll: () => endWhere(() => true),
    endOf: (principal) => endWhere((entry) => entry.principal === principal),
    count: () => entries.size,
  };
};
