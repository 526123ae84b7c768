import { isDeepStrictEqual } from 'node:util';

/**
 * Whether two values say the same in a file: the order of keys and the classes that a parser makes are nothing,
 * and a date is what it is written as.
 */
export const sameValue = (a: unknown, b: unknown): boolean => isDeepStrictEqual(plain(a), plain(b));

const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `${part}n` : part)) ?? 'null');
