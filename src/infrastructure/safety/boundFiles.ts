import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import path from 'node:path';
import type { BoundFile } from '../../domain/approval.ts';
import { codeOf } from '../process/codeOf.ts';
import type { FolderDigests } from './folderDigests.ts';
import { realPlace } from './realPlace.ts';
import { unhashable } from './unhashable.ts';

/** Every command may name these; what they hold is nobody's file. */
const HARMLESS = /^\/dev\/(null|zero|full|random|urandom|tty|stdin|stdout|stderr|fd(\/\d+)?|shm)$/u;
/** What the kernel makes up anew for each reader. */
const MADE_UP = /^\/(proc|sys)(\/|$)/u;
const CHUNK = 1 << 20;

/** SHA-256 of a regular file of any size. @param real without links. */
const hashOf = async (name: string, real: string, signal: AbortSignal): Promise<string> => {
  // A pipe must not hold us, and a link that came meanwhile must not lead us elsewhere.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  const handle = await open(real, flags).catch((thrown: unknown) => {
    throw unhashable(name, `which cannot be read (${codeOf(thrown) ?? 'unknown'})`);
  });
  try {
    const before = await handle.stat({ bigint: true });
    if (!before.isFile()) throw unhashable(name, 'which is no regular file');
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(CHUNK);
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, null);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
    }
    const after = await handle.stat({ bigint: true });
    if (after.size !== before.size || after.mtimeNs !== before.mtimeNs || after.ctimeNs !== before.ctimeNs)
      throw unhashable(name, 'which changes as it is read');
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
};

/**
 * A file or a folder as a call names it, and what it holds now.
 * @param name as the call names it. @param from folder that relative names are seen from.
 * @param digests of a folder, for those that count by more than their real path.
 * @returns undefined for what is not there.
 * @throws DangerousOperationError for what cannot be hashed.
 */
export const bind = async (
  name: string,
  from: string,
  signal: AbortSignal,
  digests: (realPath: string) => FolderDigests | undefined,
): Promise<BoundFile | undefined> => {
  const place = path.resolve(from, name);
  if (HARMLESS.test(place)) return undefined;
  const named = await statOf(place);
  if (named === undefined) return undefined;
  const realPath = await realPlace(place);
  if (HARMLESS.test(realPath)) return undefined;
  if (MADE_UP.test(realPath)) throw unhashable(name, 'which the system makes up anew for each reader');
  const real = await statOf(realPath);
  // A link to nothing yet: where it leads is what counts.
  if (real === undefined) return { path: name, realPath, sha256: null };
  if (real.isDirectory())
    return { path: name, realPath, sha256: (await digests(realPath)?.of(name, realPath)) ?? null };
  return { path: name, realPath, sha256: await hashOf(name, realPath, signal) };
};

/** Undefined for what is not there, and for what is no name of a file at all. */
const statOf = (place: string) => lstat(place).catch(() => undefined);
