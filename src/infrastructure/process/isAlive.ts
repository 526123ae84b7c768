import { codeOf } from './codeOf.ts';

/** Whether a process has this number now, whoever's it is. Numbers are reused: it may be another one by now. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // It lives, under another user.
    return codeOf(thrown) === 'EPERM';
  }
};
