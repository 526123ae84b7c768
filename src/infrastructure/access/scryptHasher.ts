import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { PassphraseHasher } from '../../application/access/ports.ts';
import type { PassphraseRecord } from '../../application/access/records.ts';

type Cost = Pick<PassphraseRecord, 'n' | 'r' | 'p'>;

/** 128 MiB and about 0.4 s a try: see docs/decisions/access.md. */
const COST: Cost = { n: 2 ** 17, r: 8, p: 1 };
const HASH_BYTES = 32;
const SALT_BYTES = 32;

const derive = (passphrase: string, salt: Buffer, { n, r, p }: Cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // OpenSSL needs 128·N·r bytes and a little more.
    const maxmem = 128 * n * r + 128 * r * p + 1024 * 1024;
    scrypt(passphrase, salt, HASH_BYTES, { N: n, r, p, maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });

/** @param cost of new records, and of the work done where there is none; weaker only in tests. */
export const createScryptHasher = (cost: Cost = COST): PassphraseHasher => {
  const noSalt = randomBytes(SALT_BYTES);
  return {
    make: async (passphrase, now) => {
      const salt = randomBytes(SALT_BYTES);
      const hash = await derive(passphrase, salt, cost);
      return {
        version: 1,
        algorithm: 'scrypt',
        ...cost,
        salt: salt.toString('base64url'),
        hash: hash.toString('base64url'),
        created_at: now,
      };
    },
    matches: async (passphrase, record) => {
      const salt = record === undefined ? noSalt : Buffer.from(record.salt, 'base64url');
      const hash = await derive(passphrase, salt, record ?? cost);
      const expected =
        record === undefined ? Buffer.alloc(HASH_BYTES) : Buffer.from(record.hash, 'base64url');
      const same = expected.length === hash.length && timingSafeEqual(expected, hash);
      return record !== undefined && same;
    },
  };
};
