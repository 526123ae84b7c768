import { readFile } from 'node:fs/promises';

/**
 * The shell runs the command and then writes `times`: CPU of itself and of every process below it that was
 * waited for. `process.resourceUsage()` knows nothing of children, /usr/bin/time is not everywhere, and
 * processes in a PID namespace are children like others: each is reaped by its parent up to this shell.
 * What is not waited for (a parent killed before its child) is missing; `usageOf` holds it against samples.
 */
const SCRIPT = 'out=$1; shift; "$@"; code=$?; times >"$out"; exit $code';

/** The command line that runs `command` and leaves its CPU times in `file`. */
export const timed = (file: string, command: string, args: readonly string[]): [string, string[]] => [
  '/bin/sh',
  ['-c', SCRIPT, 'sh', file, command, ...args],
];

/** Two lines of `1m2.345s 0m0.678s`: the shell's own user and system time, then that of its children. */
export const parseTimes = (text: string): number =>
  [...text.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );

/**
 * @returns CPU seconds, user and system, of the whole tree.
 * @throws where the file is not there: the command was ended together with its shell.
 */
export const readTimes = async (file: string): Promise<number> => {
  const seconds = parseTimes(await readFile(file, 'utf8'));
  if (seconds === 0) throw new Error('The shell counted no CPU time: its `times` is not understood.');
  return seconds;
};
