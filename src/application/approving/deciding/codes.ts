import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApprovalId } from '../../../domain/ids.ts';
import type { Clock } from '../../ports/system.ts';

/** Crockford's: no letter that reads like a digit. 32 of them, so a byte's low bits pick one evenly. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
const CODE_MS = 600_000;
const MOST_WRONG = 5;

type Live = { readonly mac: Buffer; readonly ends: number };

/** As a person may type it: case, dashes and spaces do not count, and look-alikes are what they look like. */
const normal = (typed: string): string =>
  typed.toUpperCase().replaceAll(/[\s-]/gu, '').replaceAll('O', '0').replaceAll(/[IL]/gu, '1');

/**
 * One-time codes that a person reads and tells. 40 bits are searched offline in minutes, so they are kept only
 * as a MAC by a key of this process, and a restart voids them all.
 */
export class OneTimeCodes {
  readonly #key = randomBytes(32);
  readonly #live = new Map<ApprovalId, Live>();
  readonly #wrong = new Map<ApprovalId, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A new code; the one before is void. Tries that were wrong before count on. */
  show(id: ApprovalId): { readonly code: string; readonly expiresAt: number } {
    const letters = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? '').join('');
    const expiresAt = this.#clock.now() + CODE_MS;
    this.#live.set(id, { mac: this.#mac(id, letters), ends: expiresAt });
    return { code: `${letters.slice(0, 4)}-${letters.slice(4)}`, expiresAt };
  }

  /** Uses a right code up. @returns `locked` at the fifth wrong one. */
  take(id: ApprovalId, typed: string): 'right' | 'wrong' | 'locked' {
    const live = this.#live.get(id);
    const mac = this.#mac(id, normal(typed));
    if (live !== undefined && this.#clock.now() < live.ends && timingSafeEqual(mac, live.mac)) {
      this.#live.delete(id);
      return 'right';
    }
    const wrong = (this.#wrong.get(id) ?? 0) + 1;
    this.#wrong.set(id, wrong);
    if (wrong < MOST_WRONG) return 'wrong';
    this.#live.delete(id);
    return 'locked';
  }

  /** The approval is decided. */
  forget(id: ApprovalId): void {
    this.#live.delete(id);
    this.#wrong.delete(id);
  }

  #mac(id: ApprovalId, code: string): Buffer {
    return createHmac('sha256', this.#key).update(`${id}\n${code}`).digest();
  }
}
