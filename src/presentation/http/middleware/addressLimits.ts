import { isIPv6 } from 'node:net';
import { MinuteLimit, tooMany } from './limits.ts';

/** Credentials that may be wrong, a minute and address. */
const FAILURES = 20;
/** Requests without a credential, a minute and address. */
const ANONYMOUS = 300;

/** Where a secret can be tried. Each counts its wrong ones apart: none closes the way in by the other. */
export type Door = 'passphrase' | 'key';

/** Whoever has one IPv6 address has the other 2^64 of its network too. */
const networkOf = (address: string): string => {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter((part) => part !== '');
  const right = tail.split(':').filter((part) => part !== '');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
};

/**
 * What an address may do before it has shown who it is. Good credentials are never held up by the bad ones of
 * others at the same address: on one machine all have the same. For the same reason each way to be a stranger is
 * counted apart: wrong keys and plain requests must not keep anyone from signing in.
 */
export class AddressLimits {
  readonly #failures: MinuteLimit;
  readonly #guesses: MinuteLimit;
  readonly #anonymous: MinuteLimit;
  readonly #signIns: MinuteLimit;

  constructor(failures = FAILURES, anonymous = ANONYMOUS) {
    this.#failures = new MinuteLimit(failures);
    this.#guesses = new MinuteLimit(failures);
    this.#anonymous = new MinuteLimit(anonymous);
    this.#signIns = new MinuteLimit(anonymous);
  }

  /** Addresses held in memory. */
  get size(): number {
    return this.#failures.size + this.#guesses.size + this.#anonymous.size + this.#signIns.size;
  }

  /** Counts a key or token in a header that was not good. @throws RateLimitError where there were too many. */
  async failed(address: string): Promise<void> {
    const count = await this.#failures.take(networkOf(address));
    if (count.over) throw tooMany('wrong credentials from this address', count.resetMs);
  }

  /** @throws RateLimitError where the next guess is not even looked at. */
  async demandGuess(address: string, door: Door): Promise<void> {
    const count = await this.#guesses.peek(`${door} ${networkOf(address)}`);
    if (count.remaining === 0) throw tooMany('wrong logins from this address', count.resetMs);
  }

  /** Counts a login that was not good. @throws RateLimitError where there were too many. */
  async guessed(address: string, door: Door): Promise<void> {
    const count = await this.#guesses.take(`${door} ${networkOf(address)}`);
    if (count.over) throw tooMany('wrong logins from this address', count.resetMs);
  }

  /** Counts a request on the way to a session by which no secret can be guessed. @throws RateLimitError */
  async signIn(address: string): Promise<void> {
    const count = await this.#signIns.take(networkOf(address));
    if (count.over) throw tooMany('requests to sign in from this address', count.resetMs);
  }

  /** Counts a request without a credential. @throws RateLimitError */
  async anonymous(address: string): Promise<void> {
    const count = await this.#anonymous.take(networkOf(address));
    if (count.over) throw tooMany('requests without a credential from this address', count.resetMs);
  }
}
