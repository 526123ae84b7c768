import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

export const PACKAGE_FILE = 'package.json';

const FILE_BYTES = 1024 * 1024;

const packageSchema = z.object({
  name: z.string().optional().catch(undefined),
  scripts: z.record(z.string(), z.string()).default({}),
  workspaces: z
    .union([z.array(z.string()), z.object({ packages: z.array(z.string()) }).transform((of) => of.packages)])
    .optional()
    .catch(undefined),
});

/** What a manifest says of its package. */
type Manifest = {
  readonly name: string | undefined;
  readonly scripts: Scripts;
  /** Patterns of the folders whose packages belong to this one's workspace. */
  readonly workspaces: readonly string[] | undefined;
};

/** Scripts of a package by their names. */
export type Scripts = Readonly<Record<string, string>>;

/** @returns undefined where there is no such file, empty for one that cannot be read or is over 1 MiB. */
export const textOf = async (file: string): Promise<string | undefined> => {
  const size = (await stat(file).catch(() => undefined))?.size;
  if (size === undefined) return undefined;
  return size > FILE_BYTES ? '' : await readFile(file, 'utf8').catch(() => '');
};

/** The folder and all above it, the nearest first. @param folder absolute. */
export const foldersUp = (folder: string): readonly string[] => {
  const folders: string[] = [];
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    folders.push(at);
    if (at === path.dirname(at)) return folders;
  }
};

/** The manifest in a folder; undefined where there is none, without anything where it is none that npm can read. */
export const manifestIn = async (folder: string): Promise<Manifest | undefined> => {
  const text = await textOf(path.join(folder, PACKAGE_FILE));
  if (text === undefined) return undefined;
  try {
    const { name, scripts, workspaces } = packageSchema.parse(JSON.parse(text.replace(/^\uFEFF/u, '')));
    return { name, scripts, workspaces };
  } catch {
    return { name: undefined, scripts: {}, workspaces: undefined };
  }
};

/** The scripts of the package in a folder; undefined where there is none. */
export const scriptsIn = async (folder: string): Promise<Scripts | undefined> =>
  (await manifestIn(folder))?.scripts;

/** The nearest package at or above a folder, as npm looks for it. */
export const nearestPackage = async (
  folder: string,
): Promise<{ readonly folder: string; readonly scripts: Scripts } | undefined> => {
  for (const at of foldersUp(folder)) {
    const scripts = await scriptsIn(at);
    if (scripts !== undefined) return { folder: at, scripts };
  }
  return undefined;
};

/** The texts of what npm runs before a script, of itself and after it, as far as they are there. */
export const withHooks = (scripts: Scripts, name: string): readonly string[] =>
  [`pre${name}`, name, `post${name}`].flatMap((each) =>
    Object.hasOwn(scripts, each) ? (scripts[each] ?? []) : [],
  );
