/**
 * Parts of a shell word whose value nobody knows before it runs stand in its string as control characters.
 * Input that holds control characters is refused before parsing, so a marker can never be forged.
 */
export const DYNAMIC = '\u0000';
export const HOME = '\u0001';
export const SPLIT = '\u0002';
export const GLOB = '\u0003';

export const isDynamic = (value: string): boolean => value.includes(DYNAMIC);
export const isUncertain = (value: string): boolean => value.includes(DYNAMIC) || value.includes(GLOB);

/** The part of a path before anything unknown, cut back to a whole folder. */
export const knownPrefix = (path: string): string => {
  const at = path.search(/[\u0000\u0003]/u);
  return at === -1 ? path : path.slice(0, path.lastIndexOf('/', at) + 1);
};
