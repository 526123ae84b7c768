import { HOME } from './markers.ts';

/** POSIX path arithmetic without a file system; the domain imports no platform module. */
export const isAbsolute = (path: string): boolean => path.startsWith('/') || path.startsWith(HOME);

/** `path` seen from `cwd`, absolute, `.` and doubled separators gone, `..` kept. */
export const absolute = (cwd: string, path: string): string => {
  const joined = isAbsolute(path) ? path : `${cwd}/${path}`;
  const parts = joined.split('/').filter((part) => part !== '' && part !== '.');
  return joined.startsWith(HOME) ? parts.join('/') : `/${parts.join('/')}`;
};

/** `..` removed by text alone, as `cd` does it. */
export const normalize = (path: string): string => {
  // Most paths are plain already.
  if (path.startsWith('/') && !/\/(\.{0,2})(\/|$)/u.test(path)) return path;
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (out.length > 0 && out[0] !== HOME) out.pop();
      else if (out.length > 1) out.pop();
    } else out.push(part);
  }
  return path.startsWith(HOME) ? out.join('/') : `/${out.join('/')}`;
};

/** Longer than any kernel takes. */
export const MOST_PATH = 4_096;

/** The folders that each `..` of `path` leaves. */
const left = (path: string): readonly string[] => {
  const parts = path.split('/');
  return parts.flatMap((part, at) => (part === '..' ? [normalize(parts.slice(0, at).join('/'))] : []));
};

/** Every path whose real path is needed to know where `path` leads: itself, and what each `..` leaves. */
export const lookups = (path: string): readonly string[] =>
  path.length > MOST_PATH
    ? []
    : [...new Set([...left(path).flatMap((folder) => [folder, parentOf(folder)]), normalize(path)])];

/**
 * `path` with links followed by what `real` knows, or undefined where that is not known. `..` out of a
 * link leads elsewhere for the kernel than for the text, so such a path counts as unknown too.
 */
export const physical = (path: string, real: ReadonlyMap<string, string>): string | undefined => {
  if (path.length > MOST_PATH) return undefined;
  for (const folder of left(path)) {
    const parent = real.get(parentOf(folder));
    const name = folder.slice(folder.lastIndexOf('/') + 1);
    if (parent === undefined || real.get(folder) !== normalize(`${parent}/${name}`)) return undefined;
  }
  return real.get(normalize(path));
};

export const isInside = (root: string, path: string): boolean =>
  path === root || path.startsWith(root === '/' ? '/' : `${root}/`);

export const parentOf = (path: string): string => normalize(`${path}/..`);
