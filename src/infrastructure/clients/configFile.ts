import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ConflictError, FileSystemError } from '../../domain/errors/index.ts';
import { codeOf } from '../process/codeOf.ts';

const BACKUP = '.claude-orchestrator-backup-';
/** Config files hold other servers' keys: nobody else reads ours, and a file keeps the mode that it has. */
const PRIVATE = 0o600;

/** @returns the text, or undefined where there is no file. @throws FileSystemError */
export const readConfigFile = async (file: string): Promise<string | undefined> => {
  try {
    const bytes = await readFile(file);
    // A decoder that replaces what it cannot read would write that back.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    const why = thrown instanceof TypeError ? 'is not UTF-8 text' : `cannot be read (${codeOf(thrown)})`;
    throw new FileSystemError(`${file} ${why}. Nothing was changed.`, {
      hint: 'Give yourself the right to read it, or save it as UTF-8, and run the command again.',
      cause: thrown,
    });
  }
};

/** @throws FileSystemError where the file, or the folder that it would be made in, is not for writing. */
export const mustBeWritable = async (file: string): Promise<void> => {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined) return;
  // The superuser passes every other check, and a rename would pass over the mode of the file.
  if (info.isFile() && (info.mode & 0o222) !== 0) return;
  throw new FileSystemError(
    `${file} is ${info.isFile() ? 'read-only' : 'not a file'}. Nothing was changed.`,
    {
      hint: 'Whoever made it read-only may manage it by other means: change it there, or make it writable.',
    },
  );
};

/**
 * Copies the file to the first free `<file>.claude-orchestrator-backup-<n>` beside it.
 * @returns the copy's path, or undefined where there is no file.
 */
export const backUp = async (file: string): Promise<string | undefined> => {
  for (let n = 1; ; n += 1) {
    try {
      await copyFile(file, `${file}${BACKUP}${n}`, constants.COPYFILE_EXCL);
      return `${file}${BACKUP}${n}`;
    } catch (thrown) {
      if (codeOf(thrown) === 'EEXIST') continue;
      if (codeOf(thrown) === 'ENOENT') return undefined;
      throw asFileError(file, thrown);
    }
  }
};

/** True where an earlier setup found a file there. */
export const hasBackup = async (file: string): Promise<boolean> =>
  (await stat(`${file}${BACKUP}1`).catch(() => undefined)) !== undefined;

/**
 * Puts `text` in the place of `expected`, whole or not at all; a link stays a link, its target is written.
 * `text` undefined deletes the file.
 * @throws ConflictError where the file says something else by now.
 */
export const replaceFile = async (
  file: string,
  expected: string,
  text: string | undefined,
): Promise<void> => {
  await mustBeWritable(file);
  if (((await readConfigFile(file)) ?? '') !== expected) {
    throw new ConflictError(`${file} changed in the meantime. Nothing was changed.`, {
      hint: 'Run the command again, best with that client closed.',
    });
  }
  try {
    const target = await targetOf(file);
    if (text === undefined) return await rm(target, { force: true });
    await mkdir(path.dirname(target), { recursive: true });
    const mode = await stat(target).then(
      (info) => info.mode & 0o777,
      () => PRIVATE,
    );
    const fresh = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}`);
    try {
      const handle = await open(fresh, 'wx', mode);
      try {
        await handle.chmod(mode);
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(fresh, target);
    } finally {
      await rm(fresh, { force: true });
    }
  } catch (thrown) {
    throw asFileError(file, thrown);
  }
};

const targetOf = (file: string): Promise<string> =>
  realpath(file).catch((thrown: unknown) => {
    if (codeOf(thrown) === 'ENOENT') return file;
    throw thrown;
  });

const asFileError = (file: string, thrown: unknown): FileSystemError =>
  new FileSystemError(`${file} could not be written (${codeOf(thrown)}). It is as it was.`, {
    hint: 'See that the folder is yours and that the disk has room, then run the command again.',
    cause: thrown,
  });
