import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';

/** True where `path` is `root` or below it; both absolute and normal. "/a/bc" is not below "/a/b". */
export const isInside = (root: string, path: string): boolean => {
  const way = relative(root, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
};

/**
 * The real path as far as it exists: links of the nearest existing ancestor are followed, the rest is
 * appended. So a path that leads out through a link is told apart from one that is missing, without telling
 * whether the thing outside exists.
 */
export const resolveReal = async (
  path: string,
): Promise<{ readonly real: string; readonly exists: boolean }> => {
  const rest: string[] = [];
  for (let at = path; ; ) {
    try {
      return { real: join(await realpath(at), ...rest), exists: rest.length === 0 };
    } catch {
      const parent = dirname(at);
      if (parent === at) return { real: path, exists: false };
      rest.unshift(relative(parent, at));
      at = parent;
    }
  }
};

/** The real path, or undefined where there is nothing. */
export const realOrNothing = async (path: string): Promise<string | undefined> => {
  const { real, exists } = await resolveReal(path);
  return exists ? real : undefined;
};
