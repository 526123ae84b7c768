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

/**
 * Waits until `condition` gives a value, looking again each time the event loop is free for a moment.
 * @throws after `deadlineMs`, naming what was waited for.
 */
export const eventually = async <T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = 30_000,
): Promise<T> => {
  const deadline = AbortSignal.timeout(deadlineMs);
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (deadline.aborted) throw new Error(`${what} did not come true within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
