import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

/** Folders on a PATH may be missing, closed to us, or hold a folder of the wanted name. */
const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/**
 * Where the operating system would find `command`: as a path where it holds a slash, else along `path`.
 * @param path a PATH, as in the environment that the program will have
 * @returns the absolute path, or undefined where there is no such executable file.
 */
export const findProgram = (command: string, path: string | undefined, cwd: string): string | undefined => {
  if (command.includes('/')) return [resolve(cwd, command)].find(isProgram);
  const folders = (path ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => resolve(cwd, folder, command)).find(isProgram);
};
