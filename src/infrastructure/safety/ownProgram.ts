import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { foldersUp, PACKAGE_FILE } from './manifests.ts';
import { type ReadLink, realPlace } from './realPlace.ts';

const OWN = 'claude-orchestrator';
const manifestSchema = z.object({ name: z.string() });

/** The name of a package; undefined where there is no such file, `''` for one that cannot be read. */
const nameIn = async (folder: string): Promise<string | undefined> => {
  const text = await readFile(path.join(folder, PACKAGE_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return manifestSchema.parse(JSON.parse(text)).name;
  } catch {
    return '';
  }
};

const leadsHome = async (file: string, links: ReadLink): Promise<boolean> => {
  const folder = path.dirname(await realPlace(file, links));
  // A bundle of this very program has no package beside it.
  if (folder === import.meta.dirname) return true;
  for (const at of foldersUp(folder)) {
    const name = await nameIn(at);
    if (name !== undefined) return name === OWN;
  }
  return false;
};

/**
 * Those of the files that belong to this program: the one that runs, and every other copy of its package, by
 * whatever link they are named.
 * @param files absolute paths.
 */
export const ownPrograms = async (
  files: readonly string[],
  links: ReadLink,
): Promise<ReadonlySet<string>> => {
  const found = await Promise.all(files.map(async (file) => ((await leadsHome(file, links)) ? [file] : [])));
  return new Set(found.flat());
};
