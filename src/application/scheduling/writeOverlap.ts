import path from 'node:path';

/** Characters from which on a pattern is no longer a plain path. */
const GLOB = /[*?[{]/;

/**
 * True where two declared paths or globs may name the same file. It errs on the side of yes: a wrong yes makes
 * a task wait, a wrong no makes a conflict.
 */
export const mayOverlap = (a: string, b: string): boolean => {
  const left = literalPrefix(a);
  const right = literalPrefix(b);
  if (left.whole && right.whole) return contains(left.path, right.path) || contains(right.path, left.path);
  // A glob and a path, or two globs: both could match where one's literal part leads into the other's.
  if (left.whole) return matchesGlob(left.path, b) || contains(right.path, left.path) && matchesGlob(left.path, `${b}/**`);
  if (right.whole) return mayOverlap(b, a);
  return left.path === '' || right.path === '' || contains(left.path, right.path) || contains(right.path, left.path);
};

/** True where any of `a` may name a file that any of `b` names; a task that declares nothing may write anything. */
export const writesOverlap = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  a === undefined || b === undefined || a.some((left) => b.some((right) => mayOverlap(left, right)));

const literalPrefix = (pattern: string): { path: string; whole: boolean } => {
  const clean = path.posix.normalize(pattern).replace(/\/$/, '');
  const at = clean.search(GLOB);
  if (at === -1) return { path: clean === '.' ? '' : clean, whole: true };
  return { path: clean.slice(0, clean.lastIndexOf('/', at) + 1).replace(/\/$/, ''), whole: false };
};

const contains = (folder: string, inside: string): boolean => folder === '' || inside === folder || inside.startsWith(`${folder}/`);

const matchesGlob = (file: string, glob: string): boolean => {
  const clean = path.posix.normalize(glob);
  // A folder named by a path holds whatever the glob would match inside of it.
  return path.matchesGlob(file, clean) || contains(file, literalPrefix(clean).path);
};
