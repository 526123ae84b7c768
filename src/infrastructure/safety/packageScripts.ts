import { stat } from 'node:fs/promises';
import { recipeOf } from './makefile.ts';
import { makefileIn, nearestPackage, withHooks } from './manifests.ts';

/** Folder and name out of `npm:<absolute folder>:<script>`: both may hold colons, a folder exists. */
const placesOf = (
  key: string,
  kind: 'npm' | 'make',
): readonly (readonly [folder: string, name: string])[] => {
  const rest = key.startsWith(`${kind}:/`) ? key.slice(kind.length + 1) : '';
  return [...rest.matchAll(/:/gu)].map(({ index }) => [rest.slice(0, index), rest.slice(index + 1)]);
};

const isFolder = (folder: string): Promise<boolean> =>
  stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );

const makeScript = async (key: string): Promise<string | undefined> => {
  for (const [folder, target] of placesOf(key, 'make')) {
    if (!(await isFolder(folder))) continue;
    const text = await makefileIn(folder);
    const found = text === undefined ? undefined : recipeOf(text, target);
    if (found !== undefined) return found;
  }
  return undefined;
};

const npmScript = async (key: string): Promise<string | undefined> => {
  for (const [folder, name] of placesOf(key, 'npm')) {
    if (!(await isFolder(folder))) continue;
    const scripts = (await nearestPackage(folder))?.scripts ?? {};
    if (Object.hasOwn(scripts, name)) return withHooks(scripts, name).join('\n');
  }
  return undefined;
};

/**
 * What a package's script runs, with what npm runs before and after it, or what make runs for a target.
 * @param key `npm:<absolute folder>:<script>` or `make:<absolute folder>:<target>`; no target is the first one.
 * @returns shell text; undefined where there is no such script, or nobody can say from the text what it runs.
 */
export const packageScript = (key: string): Promise<string | undefined> =>
  key.startsWith('make:') ? makeScript(key) : npmScript(key);
