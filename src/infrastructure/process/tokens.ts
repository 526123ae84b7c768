import { setTimeout as delay } from 'node:timers/promises';
import { processTable } from './currentTable.ts';
import type { TokenCarrier } from './processTable.ts';
import { askToEnd, signalProcess } from './signals.ts';

export type Ended = { readonly ended: readonly number[]; readonly survivors: readonly number[] };

/** How long SIGKILL may take to show, milliseconds: a process in the middle of a disk write ends after it. */
const KILL_MS = 5000;
const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;
/** Looks that must find nothing: a process has no readable environment for a moment while it executes. */
const QUIET_LOOKS = 2;

/** Memory of one process now, bytes; 0 where it cannot be told. */
export const residentBytes = async (pid: number): Promise<number> =>
  pid > 0 ? processTable.residentBytes(pid) : 0;

/** A process is spared together with its ancestors: ending a namespace's first process would end all in it. */
const sparedBy = (pids: readonly number[]): ReadonlySet<number> => {
  const spared = new Set<number>();
  for (const pid of pids) {
    for (let next: number | undefined = pid; next !== undefined && next > 1 && !spared.has(next); ) {
      spared.add(next);
      next = processTable.parent(next);
    }
  }
  return spared;
};

const endCarriers = async (
  tokens: ReadonlySet<string>,
  except: readonly number[],
  graceMs: number,
  more: { readonly neighbourOf?: number; readonly spares?: (one: TokenCarrier) => boolean } = {},
): Promise<Ended> => {
  const spared = sparedBy([...except, process.pid]);
  const asked = new Set<string>();
  const seen = new Set<number>();
  const killAt = performance.now() + graceMs;
  let pause = SHORTEST_PAUSE_MS;
  for (let quiet = 0; ; ) {
    const found = [...processTable.carriers(tokens), ...processTable.namesakes(more.neighbourOf ?? 0)];
    const left = [...new Map(found.map((one) => [one.pid, one])).values()].filter(
      (one) => !spared.has(one.pid) && more.spares?.(one) !== true,
    );
    quiet = left.length === 0 ? quiet + 1 : 0;
    const now = performance.now();
    if (quiet === QUIET_LOOKS || now >= killAt + KILL_MS) {
      const survivors = left.map(({ pid }) => pid);
      return { ended: [...seen].filter((pid) => !survivors.includes(pid)), survivors };
    }
    for (const carrier of left) {
      seen.add(carrier.pid);
      const key = `${carrier.pid} ${carrier.startTime}`;
      if (now >= killAt) signalProcess(carrier, 'SIGKILL');
      else if (!asked.has(key)) askToEnd(carrier);
      asked.add(key);
    }
    await delay(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
};

/**
 * Ends every process that carries the token: SIGTERM, after `graceMs` SIGKILL, until none is left. Never our
 * own process, and none of `except` or their ancestors.
 * @returns who ended, and who was still there 5 s after SIGKILL.
 */
export const endByToken = (
  token: string,
  o: {
    readonly except?: readonly number[];
    readonly graceMs: number;
    /** Ends what lives in this process's PID namespace, too: a process can shed its environment, not its namespace. */
    readonly neighbourOf?: number;
    /** Processes that are to live on; asked at each look. */
    readonly spares?: (one: TokenCarrier) => boolean;
  },
): Promise<Ended> => endCarriers(new Set([token]), o.except ?? [], o.graceMs, o);

/** {@link endByToken} for many tokens in one pass: what an earlier server left behind. */
export const sweep = (tokens: Iterable<string>, o: { readonly graceMs: number }): Promise<Ended> =>
  endCarriers(new Set(tokens), [], o.graceMs);
