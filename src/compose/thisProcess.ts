import { homedir } from 'node:os';
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
