import { isInside, normalize } from '../lexicalPath.ts';
import { HOME, isDynamic, isUncertain, knownPrefix } from '../markers.ts';

/** Block devices by the names that Linux, macOS and the BSDs give them. */
const DISK =
  /^\/dev\/(r?disk\d|[shv]d[a-z]|xvd|nvme|mmcblk|md\d|md\/|dm-|mapper\/|loop\d|sr\d|nbd|zd\d|zvol\/|disk\/|vg|block\/|ada\d|da\d|[shvx]+d[\u0000\u0003])/u;

export const isDisk = (path: string): boolean => DISK.test(path);

/**
 * True where a delete names too much, or nobody can say what: unknown words, `..`, git's own folder, a whole
 * home or file system, and `start` (the folder that the call runs in) with all that it lies in.
 */
export const isBroad = (path: string, whole: string, start: string): boolean => {
  if (path === '' || isDynamic(path)) return true;
  const parts = path.split('/');
  if (parts.includes('..') || parts.some((part) => /^\.git$/iu.test(part))) return true;
  const known = normalize(knownPrefix(whole));
  if (known === HOME || known === '/' || known === '') return true;
  // `*` and `?` stand for every name of their folder; `*.log` does not.
  const folder = isUncertain(whole) && !/[^\u0003/]/u.test(whole.slice(knownPrefix(whole).length));
  return isUncertain(whole) ? folder && isInside(known, start) : isInside(known, start);
};
