import { homedir } from 'node:os';
import type { ClientRegistry } from '../application/clients.ts';
import { createClientRegistry } from '../infrastructure/clients/registry.ts';
import type { SetupPrompts } from '../presentation/cli/setupDeps.ts';
import { setupPrompts } from '../presentation/cli/setupPrompts.ts';
import { version } from './thisProcess.ts';

/** What `setup` and `remove` are done with; loaded only by them. */
export const clientsHere = (): ClientRegistry =>
  createClientRegistry({
    platform: process.platform,
    home: homedir(),
    env: process.env,
    cwd: process.cwd(),
    node: process.execPath,
    script: process.argv[1] ?? '',
    version,
  });

/** For a terminal only: prompts on it. */
export const promptsHere = (): SetupPrompts => setupPrompts(process.stdin, process.stderr);
