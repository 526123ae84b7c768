import { readdirSync, readFileSync } from 'node:fs';

/** Processes whose environment holds `text`: how a test finds what a sandbox's workers left, by its own folder's name. */
export const processesWith = (text: string): { pid: number; command: string }[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text)) return [];
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return command === '' ? [] : [{ pid: Number(pid), command }];
      } catch {
        return [];
      }
    });

/** Workers (`claude`) of a sandbox that live now. */
export const workersOf = (sandboxRoot: string): { pid: number; command: string }[] =>
  processesWith(`${sandboxRoot}/home`).filter(
    ({ command }) => /\/claude --output-format/.test(command) && !/^(setpriv|unshare)/.test(command),
  );

const SOONEST_MS = 10;
const LATEST_MS = 100;

/**
 * Waits until `condition` gives a value, looking again and again: soon at first, then every tenth of what it has
 * taken so far, since a look costs what is waited for its share of the machine.
 * @throws after `deadlineMs`, naming what was waited for.
 */
export const eventually = async <T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = 30_000,
): Promise<T> => {
  const deadline = AbortSignal.timeout(deadlineMs);
  const began = performance.now();
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (deadline.aborted) throw new Error(`${what} did not come true within ${deadlineMs} ms`);
    const pause = Math.min(LATEST_MS, Math.max(SOONEST_MS, (performance.now() - began) / 10));
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
};
