import { lstat, opendir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Files looked at; a larger folder is known in part, and says less of what changed. */
const MOST_FILES = 100_000;

/** Size, time and number of each file below a folder: what tells a change where there is no git. Links are not followed. */
export const folderStamps = async (root: string): Promise<ReadonlyMap<string, string>> => {
  const stamps = new Map<string, string>();
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined && stamps.size < MOST_FILES; folder = folders.pop()) {
    // A folder that goes while it is read has no files any more.
    const entries = await opendir(folder).catch(() => undefined);
    if (entries === undefined) continue;
    for await (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) {
        const found = await lstat(path, { bigint: true }).catch(() => undefined);
        if (found !== undefined)
          stamps.set(relative(root, path), `${found.ino} ${found.size} ${found.mtimeNs}`);
      }
    }
  }
  return stamps;
};
