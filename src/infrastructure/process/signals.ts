import { processTable } from './currentTable.ts';
import type { ProcessIdentity } from './processTable.ts';

/** @returns false where there is nobody to hear it, or nobody who obeys us. */
const send = (target: number, signal: NodeJS.Signals): boolean => {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
};

/** Signals every process of a group. The caller knows that its leader was not collected yet: numbers are reused. */
export const signalGroup = (leader: number, signal: NodeJS.Signals): boolean => send(-leader, signal);

/** Signals exactly this process, and nobody who got its number later. */
export const signalProcess = ({ pid, startTime }: ProcessIdentity, signal: NodeJS.Signals): boolean =>
  processTable.startTime(pid) === startTime && send(pid, signal);

/** A stopped process hears SIGTERM only when it goes on. */
export const askToEnd = (identity: ProcessIdentity): void => {
  signalProcess(identity, 'SIGTERM');
  signalProcess(identity, 'SIGCONT');
};
