import { LRUCache } from 'lru-cache';
import type { Principal, PrincipalId } from '../../domain/principal.ts';
import type { Clock } from '../ports/system.ts';
import type { CredentialStore, Secrets } from './ports.ts';
import type { Session, Via } from './records.ts';

/** How long a browser stays signed in. */
export const SESSION_MS = 12 * 3_600_000;
const CACHE_MS = 900;
const CACHED_SESSIONS = 1000;

/** A session with the secret for its cookie, which is kept nowhere. */
export type OpenedSession = { readonly session: Session; readonly secret: string };

export interface Sessions {
  open(who: {
    readonly principal: Principal;
    readonly via: Via;
    readonly notAfter?: number | undefined;
  }): Promise<OpenedSession>;
  /** @returns undefined for unknown and ended alike. */
  find(secret: string): Promise<Session | undefined>;
  close(secret: string): Promise<void>;
  /** Ends all that a principal opened this way; `exceptSecret` is spared. */
  endAll(principal: PrincipalId, via: Via, exceptSecret?: string): Promise<void>;
}

export type SessionsDeps = {
  readonly store: CredentialStore;
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** False where what the session was opened with is no longer what it was. Asked at most about once a second. */
  readonly stillStands: (session: Session) => Promise<boolean>;
};

export const createSessions = ({ store, secrets, clock, stillStands }: SessionsDeps): Sessions => {
  const known = new LRUCache<string, Session>({
    max: CACHED_SESSIONS,
    ttl: CACHE_MS,
  });
  // What was read before sessions ended must not be remembered after it.
  let changes = 0;

  const read = async (sha256: string): Promise<Session | undefined> => {
    const before = changes;
    const session = await store.session(sha256);
    if (session === undefined || !(await stillStands(session))) return undefined;
    if (before === changes) known.set(sha256, session);
    return session;
  };

  return {
    open: async ({ principal, via, notAfter }) => {
      const now = clock.now();
      await store.sweepSessions(now);
      const secret = secrets.secret();
      const session: Session = {
        sha256: secrets.sha256(secret),
        principal: principal.id,
        roles: principal.roles,
        via,
        createdAt: now,
        expiresAt: Math.min(now + SESSION_MS, notAfter ?? Number.POSITIVE_INFINITY),
      };
      await store.addSession(session);
      return { session, secret };
    },
    find: async (secret) => {
      const sha256 = secrets.sha256(secret);
      const session = known.get(sha256) ?? (await read(sha256));
      if (session === undefined || !secrets.same(session.sha256, sha256)) return undefined;
      if (clock.now() >= session.expiresAt) return undefined;
      return session;
    },
    close: async (secret) => {
      const sha256 = secrets.sha256(secret);
      await store.endSession(sha256);
      changes += 1;
      known.delete(sha256);
    },
    endAll: async (principal, via, exceptSecret) => {
      const except = exceptSecret === undefined ? {} : { except: secrets.sha256(exceptSecret) };
      await store.endSessions({ principal, via, ...except });
      changes += 1;
      known.clear();
    },
  };
};
