import { chmod, mkdir, open, stat } from 'node:fs/promises';
import { z } from 'zod';

const exists = z.object({ code: z.literal('EEXIST') });

const GROUP_AND_OTHERS = 0o077;

/** Makes the folder, readable by its owner only, and tightens one that is there already. */
export const makePrivateFolder = async (path: string): Promise<void> => {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if ((await stat(path)).mode & GROUP_AND_OTHERS) await chmod(path, 0o700);
};

/**
 * Makes the file, readable by its owner only, and tightens one that is there already. SQLite gives its -wal
 * and -shm files the mode of the database, so this must come before SQLite opens it.
 *
 * A file that exists is not opened here: closing it would drop the POSIX locks that an SQLite connection of
 * this process may hold on it.
 */
export const makePrivateFile = async (path: string): Promise<void> => {
  try {
    await (await open(path, 'ax', 0o600)).close();
  } catch (thrown) {
    if (!exists.safeParse(thrown).success) throw thrown;
    if ((await stat(path)).mode & GROUP_AND_OTHERS) await chmod(path, 0o600);
  }
};
