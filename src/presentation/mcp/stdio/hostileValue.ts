/** Deeper than any message of the protocol; a deeper one is only meant to overflow someone's recursion. */
const MAX_DEPTH = 64;

export type Hostility = 'prototype' | 'depth' | 'surrogate';

type Entry = { readonly value: unknown; readonly depth: number };

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const pollutes = (key: string, value: unknown): boolean =>
  key === '__proto__' ||
  key === 'constructor.prototype' ||
  (key === 'constructor' && isObject(value) && Object.hasOwn(value, 'prototype'));

/**
 * Looks through a parsed JSON value, without recursion, for what no honest caller sends: keys that reach for
 * prototypes, nesting without end, strings with half a surrogate pair (they change when they become bytes, so
 * that the path or command that was checked would not be the one that is used).
 */
export const findHostility = (root: unknown): Hostility | undefined => {
  const open: Entry[] = [{ value: root, depth: 0 }];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const { value, depth } = entry;
    if (typeof value === 'string') {
      if (!value.isWellFormed()) return 'surrogate';
      continue;
    }
    if (!isObject(value)) continue;
    if (depth >= MAX_DEPTH) return 'depth';
    for (const [key, item] of Object.entries(value)) {
      if (pollutes(key, item)) return 'prototype';
      if (!key.isWellFormed()) return 'surrogate';
      open.push({ value: item, depth: depth + 1 });
    }
  }
  return undefined;
};
