import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isAlive } from '../process/isAlive.ts';

const exists = z.object({ code: z.literal('EEXIST') });

/** A start takes seconds: whoever has had the turn for so long has lost it, and its pid may be another's by now. */
const LONGEST_START_MS = 30_000;

/**
 * Takes the turn to start the server of a state directory, so that ten fronts at once start one process and not
 * ten of which nine give up. Only a courtesy: who starts without the turn is refused by the lock of the state
 * directory.
 * @returns a function that gives the turn back; undefined where another process has it.
 */
export const takeStartTurn = async (stateDir: string): Promise<(() => Promise<void>) | undefined> => {
  const file = path.join(stateDir, 'server.starting');
  const giveBack = (): Promise<void> => rm(file, { force: true });
  if (await take(file)) return giveBack;
  if (!(await isStale(file))) return undefined;
  await giveBack();
  return (await take(file)) ? giveBack : undefined;
};

/** By a link to a file that is whole, so that nobody reads a turn without its holder. */
const take = async (file: string): Promise<boolean> => {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, String(process.pid), { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (thrown) {
    if (exists.safeParse(thrown).success) return false;
    throw thrown;
  } finally {
    await rm(draft, { force: true });
  }
};

const isStale = async (file: string): Promise<boolean> => {
  try {
    const { mtimeMs } = await stat(file);
    const holder = Number(await readFile(file, 'utf8'));
    return (
      Date.now() - mtimeMs > LONGEST_START_MS || !Number.isInteger(holder) || holder < 1 || !isAlive(holder)
    );
  } catch {
    // It was given back in between: the next look takes it.
    return false;
  }
};
