import { LRUCache } from 'lru-cache';
import { ConflictError, NotFoundError } from '../../domain/errors/index.ts';
import { type Principal, type PrincipalId, principalIdSchema, type Role } from '../../domain/principal.ts';
import type { Clock } from '../ports/system.ts';
import type { CredentialStore, Secrets } from './ports.ts';
import { type ApiKey, keyFingerprint } from './records.ts';
import type { SecurityLog } from './securityLog.ts';

export const KEY_PREFIX = 'co_';
/** `co_` and six characters: enough to know a key again by, far from enough to guess it. */
const SHOWN = KEY_PREFIX.length + 6;
/** Below the second in which a revoked key must be dead, even where the cache were not told. */
const CACHE_MS = 900;
const CACHED_KEYS = 10_000;
/** `last_used_at` is written at most so often: a write waits for the disk. */
const TOUCH_MS = 60_000;
const DAY_MS = 86_400_000;

/** A rotated key is the same principal: its jobs stay its own. */
export const keyPrincipal = ({ id, role }: Pick<ApiKey, 'id' | 'role'>): Principal => ({
  id: principalIdSchema.parse(`key:${firstId(id)}`),
  roles: [role],
});

const firstId = (id: string): string => id.split('.')[0] ?? id;
const generationOf = (id: string): number => Number(id.split('.')[1] ?? 1);
const idOf = (first: string, generation: number): string =>
  generation === 1 ? first : `${first}.${generation}`;

export const isActive = (key: ApiKey, now: number): boolean =>
  key.revokedAt === undefined && (key.expiresAt === undefined || now < key.expiresAt);

/** A key with its secret, which exists nowhere else and is told once. */
export type MadeKey = { readonly key: ApiKey; readonly secret: string };

export interface ApiKeys {
  /** @returns undefined for unknown, expired and revoked alike. */
  identify(secret: string): Promise<ApiKey | undefined>;
  list(): Promise<readonly ApiKey[]>;
  create(
    wish: { readonly label: string; readonly role: Role; readonly expiresInDays?: number | undefined },
    by: PrincipalId,
  ): Promise<MadeKey>;
  /** Takes effect before it resolves. @throws NotFoundError */
  revoke(id: string, by: PrincipalId): Promise<ApiKey>;
  /**
   * Makes a successor with the same principal, role, label and length of life. The old key stays good for the
   * overlap. @throws NotFoundError · ConflictError where the key is dead or has a successor.
   */
  rotate(id: string, overlapSeconds: number, by: PrincipalId): Promise<MadeKey>;
}

export type ApiKeysDeps = {
  readonly store: CredentialStore;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: SecurityLog;
  /** Ends the browser sessions that were opened with a key. */
  readonly endSessions: (principal: PrincipalId) => Promise<void>;
};

export const createApiKeys = ({ store, secrets, clock, log, endSessions }: ApiKeysDeps): ApiKeys => {
  const known = new LRUCache<string, ApiKey>({ max: CACHED_KEYS, ttl: CACHE_MS });
  const touched = new LRUCache<string, number>({ max: CACHED_KEYS });
  // What was read before a key changed must not be remembered after it.
  let changes = 0;

  const touch = async (key: ApiKey, now: number): Promise<void> => {
    if (now - (touched.get(key.id) ?? key.lastUsedAt ?? Number.NEGATIVE_INFINITY) < TOUCH_MS) return;
    touched.set(key.id, now);
    try {
      await store.touchKey(key.id, now);
    } catch (thrown) {
      // Worth a line, not worth refusing a key that is good.
      log.refused('the last use of a key could not be written', {
        keyId: key.id,
        error: thrown instanceof Error ? thrown : new Error(String(thrown)),
      });
    }
  };

  const found = async (id: string): Promise<ApiKey> => {
    const key = await store.key(id);
    if (key !== undefined) return key;
    throw new NotFoundError('There is no such key.', {
      hint: '`claude-orchestrator keys list` shows the keys that there are.',
    });
  };

  const make = (
    part: Pick<ApiKey, 'id' | 'label' | 'role'> & { readonly lifeMs: number | undefined },
    now: number,
  ): MadeKey => {
    const { lifeMs, ...rest } = part;
    const secret = KEY_PREFIX + secrets.secret();
    const key: ApiKey = {
      ...rest,
      prefix: secret.slice(0, SHOWN),
      sha256: secrets.sha256(secret),
      createdAt: now,
      ...(lifeMs === undefined ? {} : { expiresAt: now + lifeMs }),
    };
    return { key, secret };
  };

  const read = async (sha256: string): Promise<ApiKey | undefined> => {
    const before = changes;
    const key = await store.keyBySha256(sha256);
    if (key !== undefined && before === changes) known.set(sha256, key);
    return key;
  };

  const forget = async (key: ApiKey): Promise<void> => {
    changes += 1;
    known.delete(key.sha256);
    await endSessions(keyPrincipal(key).id);
  };

  return {
    identify: async (secret) => {
      const now = clock.now();
      const sha256 = secrets.sha256(secret);
      const key = known.get(sha256) ?? (await read(sha256));
      if (key === undefined || !secrets.same(key.sha256, sha256) || !isActive(key, now)) return undefined;
      await touch(key, now);
      return key;
    },
    list: () => store.keys(),
    create: async ({ label, role, expiresInDays }, by) => {
      const lifeMs = expiresInDays === undefined ? undefined : expiresInDays * DAY_MS;
      const made = make({ id: secrets.id(), label, role, lifeMs }, clock.now());
      await store.addKey(made.key);
      log.done('key created', { keyId: made.key.id, role, fingerprint: keyFingerprint(made.key), by });
      return made;
    },
    revoke: async (id, by) => {
      const key = await found(id);
      await store.revokeKey(id, clock.now());
      await forget(key);
      log.done('key revoked', { keyId: id, role: key.role, by });
      return found(id);
    },
    rotate: async (id, overlapSeconds, by) => {
      const now = clock.now();
      const old = await found(id);
      const nextId = idOf(firstId(id), generationOf(id) + 1);
      if (!isActive(old, now) || (await store.key(nextId)) !== undefined) {
        throw new ConflictError(
          'This key cannot be rotated: it is revoked, expired, or was rotated already.',
          {
            hint: 'Rotate its successor, or make a new key with `claude-orchestrator keys create`.',
          },
        );
      }
      const lifeMs = old.expiresAt === undefined ? undefined : old.expiresAt - old.createdAt;
      const made = make({ id: nextId, label: old.label, role: old.role, lifeMs }, now);
      const ends = Math.min(now + overlapSeconds * 1000, old.expiresAt ?? Number.POSITIVE_INFINITY);
      await store.replaceKey(id, ends, made.key);
      await forget(old);
      log.done('key rotated', {
        keyId: id,
        successor: nextId,
        fingerprint: keyFingerprint(made.key),
        overlapSeconds,
        by,
      });
      return made;
    },
  };
};
