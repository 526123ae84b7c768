import path from 'node:path';

/** Characters from which on a segment is no longer a plain name. */
const GLOB = /[*?[{]/;

/**
 * True where two declared paths or globs may name the same file, or one a folder that holds the other. It errs
 * on the side of yes: a wrong yes makes a task wait, a wrong no makes a conflict.
 */
export const mayOverlap = (a: string, b: string): boolean => {
  const left = segments(a);
  const right = segments(b);
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [one = '', other = ''] = [left[at], right[at]];
    // From here on it may match any number of folders.
    if (one === '**' || other === '**') return true;
    if (!sameName(one, other)) return false;
  }
  return true;
};

/** True where any of `a` may name a file that any of `b` names; a task that declares nothing may write anything. */
export const writesOverlap = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  a === undefined || b === undefined || a.some((left) => b.some((right) => mayOverlap(left, right)));

const segments = (pattern: string): string[] =>
  path.posix
    .normalize(pattern)
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.');

const sameName = (one: string, other: string): boolean => {
  if (GLOB.test(one)) return GLOB.test(other) || path.matchesGlob(other, one);
  return GLOB.test(other) ? path.matchesGlob(one, other) : one === other;
};
