import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { processTable } from './currentTable.ts';
import { signalGroup, signalProcess } from './signals.ts';

/** How long SIGKILL may take to show, milliseconds. */
const KILL_MS = 5000;

/** A started tree, as far as ending it goes. */
export type Endable = {
  readonly child: ChildProcess;
  readonly pid: number;
  /** True where the wrapper's only child is the first process of a namespace. */
  readonly namespaced: boolean;
  readonly exited: Promise<unknown>;
};

export const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

/** @returns whether `promise` was settled within `ms`. */
const within = async (promise: Promise<unknown>, ms: number): Promise<boolean> => {
  const timer = new AbortController();
  const late = delay(ms, false, { signal: timer.signal }).catch(() => false);
  const settled = await Promise.race([promise.then(() => true), late]);
  timer.abort();
  return settled;
};

/** The kernel ends a whole namespace with its first process, and lets the wrapper go only after that. */
const killNamespace = (wrapper: number): void => {
  for (const pid of processTable.children(wrapper)) {
    const startTime = processTable.startTime(pid);
    if (startTime !== undefined) signalProcess({ pid, startTime }, 'SIGKILL');
  }
};

/**
 * SIGTERM to the group, after `graceMs` SIGKILL: to the namespace, so that what left the group or dropped its
 * environment ends too, then to the group with its wrapper. Resolves with the first process ended, or not
 * ended seconds after SIGKILL.
 */
export const endGroup = async (
  { child, pid, namespaced, exited }: Endable,
  graceMs: number,
): Promise<void> => {
  if (hasEnded(child)) return;
  signalGroup(pid, 'SIGTERM');
  // A stopped process hears SIGTERM only when it goes on.
  signalGroup(pid, 'SIGCONT');
  if (graceMs > 0 && (await within(exited, graceMs))) return;
  if (namespaced) {
    killNamespace(pid);
    if (await within(exited, KILL_MS)) return;
  }
  signalGroup(pid, 'SIGKILL');
  await within(exited, KILL_MS);
};
