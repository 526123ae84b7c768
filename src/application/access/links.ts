import type { Clock } from '../ports/system.ts';
import type { Secrets } from './ports.ts';

const LINK_MS = 60_000;
/** Links that wait at once; beyond it the oldest die early. */
const MAX_LINKS = 100;

/** One-time links to the dashboard. Only hashes are kept, and only in memory. */
export interface Links {
  /** @returns the code, good once and for 60 s. */
  make(): string;
  /** True the first time in time; the code is spent whatever the answer. */
  redeem(code: string): boolean;
}

export const createLinks = (secrets: Secrets, clock: Clock): Links => {
  const waiting = new Map<string, number>();
  const sweep = (): void => {
    const now = clock.now();
    for (const [sha256, expiresAt] of waiting) if (expiresAt <= now) waiting.delete(sha256);
    for (const sha256 of waiting.keys()) {
      if (waiting.size < MAX_LINKS) break;
      waiting.delete(sha256);
    }
  };
  return {
    make: () => {
      sweep();
      const code = secrets.secret();
      waiting.set(secrets.sha256(code), clock.now() + LINK_MS);
      return code;
    },
    redeem: (code) => {
      const sha256 = secrets.sha256(code);
      const expiresAt = waiting.get(sha256);
      waiting.delete(sha256);
      return expiresAt !== undefined && clock.now() < expiresAt;
    },
  };
};
