import { readFileSync } from 'node:fs';
import { codeOf } from './codeOf.ts';

/**
 * Whether a process has this number now, whoever's it is. Numbers are reused: it may be another one by now.
 * One that has ended and that nobody has waited for yet (the first process of a container may never) does not live.
 */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (thrown) {
    // It lives, under another user.
    return codeOf(thrown) === 'EPERM';
  }
};

/** Told by Linux's /proc alone; elsewhere the first process takes them away at once. */
const isZombie = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.startsWith('Z', stat.lastIndexOf(')') + 2);
  } catch {
    return false;
  }
};
