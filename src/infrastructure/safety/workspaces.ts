import { glob } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { foldersUp, manifestIn, PACKAGE_FILE, type Scripts, textOf } from './manifests.ts';
import { yamlIn } from './yamlText.ts';

export const PNPM_FILE = 'pnpm-workspace.yaml';

/** More packages than these no workspace has. */
const MOST_PACKAGES = 1_000;

const pnpmSchema = z.object({ packages: z.array(z.string()).default([]) });

export type Package = {
  readonly folder: string;
  readonly name: string | undefined;
  readonly scripts: Scripts;
};

const pnpmPatterns = async (folder: string): Promise<readonly string[] | undefined> => {
  const text = await textOf(path.join(folder, PNPM_FILE));
  if (text === undefined) return undefined;
  const { success, data } = pnpmSchema.safeParse(yamlIn(text));
  return success ? data.packages : ['**'];
};

const patternsIn = async (folder: string): Promise<readonly string[] | undefined> =>
  (await pnpmPatterns(folder)) ?? (await manifestIn(folder))?.workspaces;

const packageIn = async (folder: string): Promise<Package | undefined> => {
  const manifest = await manifestIn(folder);
  return manifest === undefined ? undefined : { folder, name: manifest.name, scripts: manifest.scripts };
};

const isOthers = (name: string): boolean => name === 'node_modules' || name === '.git';

/** Folders of a workspace's packages by its patterns. */
const foldersOf = async (root: string, patterns: readonly string[]): Promise<readonly string[]> => {
  const found = new Set<string>();
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) continue;
    const files = glob(`${pattern.replace(/\/$/u, '')}/${PACKAGE_FILE}`, {
      cwd: root,
      exclude: (name) => isOthers(path.basename(name)),
    });
    for await (const file of files) {
      if (found.size < MOST_PACKAGES) found.add(path.dirname(path.resolve(root, file)));
    }
  }
  return [...found];
};

/**
 * All packages of the workspace that a folder belongs to, its root the first; none where it belongs to no workspace.
 */
export const workspaceOf = async (folder: string): Promise<readonly Package[]> => {
  for (const root of foldersUp(folder)) {
    const patterns = await patternsIn(root);
    if (patterns === undefined) continue;
    const folders = [root, ...(await foldersOf(root, patterns)).filter((each) => each !== root)];
    const packages = await Promise.all(folders.map(packageIn));
    return packages.filter((each) => each !== undefined);
  }
  return [];
};

/** Whether a word of `--workspace` or `--filter` means this package: by name, also without its scope, or by folder. */
const means = (word: string, { name, folder }: Package, roots: readonly string[]): boolean =>
  name === word ||
  name?.replace(/^@[^/]*\//u, '') === word ||
  roots.some(
    (root) => folder === path.resolve(root, word) || path.dirname(folder) === path.resolve(root, word),
  );

/**
 * The packages that words select; a word that is a pattern, or that no package is known by, may mean any of them.
 * @param from folder that paths are seen from.
 */
export const selectedOf = (
  packages: readonly Package[],
  words: readonly string[],
  from: string,
): readonly Package[] => {
  const [root] = packages;
  const roots = root === undefined ? [from] : [from, root.folder];
  const found = words.map((word) => packages.filter((each) => means(word, each, roots)));
  return found.some((each) => each.length === 0) ? packages : [...new Set(found.flat())];
};
