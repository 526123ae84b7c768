import { DYNAMIC, GLOB } from './markers.ts';

type Reach = {
  /** All that lies below is taken, too: a folder above the place counts. */
  readonly tree: boolean;
  /** A pattern's `*` at the start of a name may stand for a dot. */
  readonly hidden: boolean;
};

const partsOf = (path: string): readonly string[] => path.split('/').filter((part) => part !== '');

const isPattern = (part: string): boolean => part.includes(GLOB) || part.includes(DYNAMIC);

const asPattern = (part: string): RegExp =>
  new RegExp(
    `^${part.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&').replaceAll(/[\u0000\u0003]+/gu, '[^/]*')}$`,
    'u',
  );

const matches = (part: string, name: string, hidden: boolean): boolean => {
  if (!isPattern(part) && !isPattern(name)) return part === name;
  // A home is any name; what both leave open may be the same.
  if (isPattern(name)) return isPattern(part) || asPattern(name).test(part);
  if (part.startsWith(GLOB) && name.startsWith('.') && !hidden) return false;
  return asPattern(part).test(name);
};

const isOpen = (part: string): boolean => part.replaceAll(DYNAMIC, '') === '';

/**
 * Whether a path with markers for what is not known may be `place`, lie in it, or hold it where all below is
 * taken. A word that is wholly unknown says nothing: it counts only between names that are known.
 */
export const mayReach = (path: string, place: string, { tree, hidden }: Reach): boolean => {
  const parts = partsOf(path);
  const names = partsOf(place);
  if (parts.length < names.length && !tree) return false;
  const shared = Math.min(parts.length, names.length);
  const last = parts[shared - 1];
  if (last !== undefined && isOpen(last)) return false;
  return names.slice(0, shared).every((name, at) => matches(parts[at] ?? '', name, hidden));
};
