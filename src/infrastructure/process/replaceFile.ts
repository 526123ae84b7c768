import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes a file of its owner's alone, by a draft and a rename: whoever reads sees the old text or the new one, whole,
 * also after a crash. The folder must be there.
 * @throws what the disk refused; the draft is gone then, and the file as it was.
 */
export const replaceFile = async (file: string, text: string): Promise<void> => {
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (thrown) {
    await rm(draft, { force: true });
    throw thrown;
  }
};
