import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The browser of this machine: `$CHROMIUM_PATH`, or the first on PATH; undefined where there is none. */
export const chromiumPath = (): string | undefined => {
  const { CHROMIUM_PATH: chosen, PATH = '' } = process.env;
  if (chosen !== undefined && chosen !== '') return chosen;
  return PATH.split(path.delimiter)
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
    .find(isProgram);
};

export const HOW_TO_GET_CHROMIUM =
  'install Chromium (Debian: `apt-get install chromium`) or name one in CHROMIUM_PATH';
