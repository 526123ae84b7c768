import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../process/isAlive.ts';

/** Between two looks at a process that is not ours to wait for: its end gives no event here. */
const LOOK_MS = 50;

/** Waits for the end of any process. @returns false where it still lives after `patienceMs` milliseconds. */
export const gone = async (pid: number, patienceMs: number, signal: AbortSignal): Promise<boolean> => {
  const deadline = performance.now() + patienceMs;
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false;
    await delay(LOOK_MS, undefined, { signal });
  }
  return true;
};
