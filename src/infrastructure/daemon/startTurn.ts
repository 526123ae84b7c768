import { open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isAlive } from './probe.ts';

const exists = z.object({ code: z.literal('EEXIST') });

/**
 * Takes the turn to start the server of a state directory, so that ten fronts at once start one process and not
 * ten of which nine give up. Only a courtesy: who starts without the turn is refused by the lock of the state
 * directory.
 * @returns a function that gives the turn back; undefined where another process has it.
 */
export const takeStartTurn = async (stateDir: string): Promise<(() => Promise<void>) | undefined> => {
  const file = path.join(stateDir, 'server.starting');
  const take = async (): Promise<boolean> => {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(String(process.pid));
      await handle.close();
      return true;
    } catch (thrown) {
      if (exists.safeParse(thrown).success) return false;
      throw thrown;
    }
  };
  const giveBack = (): Promise<void> => rm(file, { force: true });
  if (await take()) return giveBack;
  const holder = Number(await readFile(file, 'utf8').catch(() => ''));
  // An empty file is one that is being written.
  if (!Number.isInteger(holder) || holder === 0 || isAlive(holder)) return undefined;
  await giveBack();
  return (await take()) ? giveBack : undefined;
};
