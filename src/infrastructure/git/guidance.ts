import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isInside, realOrNothing } from './fence.ts';

/** Every worker gets it with every task: what is longer costs more than it tells. */
const LIMIT = 32 * 1024;

/**
 * @param root real path of the workspace
 * @returns the text of its CLAUDE.md, cut at 32 kB; undefined where there is none inside the workspace
 */
export const readGuidance = async (root: string): Promise<string | undefined> => {
  const path = await realOrNothing(join(root, 'CLAUDE.md'));
  // A pipe by that name would hold the reader for ever.
  if (path === undefined || !isInside(root, path) || !(await stat(path)).isFile()) return undefined;
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(LIMIT), position: 0 });
    // `stream: true` holds back a character that the cut went through.
    return new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: true });
  } finally {
    await file.close();
  }
};
