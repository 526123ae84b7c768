import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import type { ConfigInput } from '../infrastructure/config/reading.ts';
import { thisMachine } from '../infrastructure/system/thisMachine.ts';

export const { version } = packageJson;

/** What the configuration is read from, beside its files. */
export const configInput = (flags: ConfigInput['flags']): ConfigInput => ({
  env: process.env,
  flags,
  cores: thisMachine.cores(),
  availableMemory: thisMachine.availableMemory(),
  home: homedir(),
  cwd: process.cwd(),
  stderrIsTerminal: process.stderr.isTTY === true,
});

/**
 * The program's own script: beside this file where it is built, above it in development. Not the script that this
 * process was started with, which may be a launcher of a bundle.
 */
export const programScript = (): string => {
  const built = path.join(import.meta.dirname, 'main.js');
  return existsSync(built) ? built : path.join(import.meta.dirname, '..', 'main.ts');
};
