import { realpathSync } from 'node:fs';
import path from 'node:path';
import envPaths from 'env-paths';

/** Folders that the operating system gives a program of this user. */
export type StandardPaths = { readonly data: string; readonly config: string; readonly cache: string };

/** @returns the platform's folders for `claude-orchestrator` (XDG, Library, AppData). */
export const standardPaths = (): StandardPaths => envPaths('claude-orchestrator', { suffix: '' });

/**
 * The real place of a path that need not exist: links in the part that exists are followed, so that two names
 * of one folder compare as equal.
 */
export const realPlace = (target: string): string => {
  try {
    return realpathSync(target);
  } catch {
    const parent = path.dirname(target);
    return parent === target ? target : path.join(realPlace(parent), path.basename(target));
  }
};

/** True where `inner` is `outer` or lies below it. Both absolute. */
export const liesIn = (inner: string, outer: string): boolean => {
  const way = path.relative(outer, inner);
  return way === '' || (way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way));
};

/** True for `/`, and for the root of a drive. */
export const isFileSystemRoot = (target: string): boolean => path.parse(target).root === target;
