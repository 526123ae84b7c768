import { execaSync } from 'execa';
import { COMMAND_CHARACTERS, type ProcessTable, TOKEN_VARIABLE, type TokenCarrier } from './processTable.ts';

/**
 * The table as `ps` tells it, for systems without `/proc` (macOS, the BSDs). `ps e` appends the environment to
 * the command line without a border, so an argument that reads like the variable counts as one: tokens are
 * random, nothing but our own processes says them.
 */

const TIMEOUT_MS = 5000;
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** `lstart` has five words: "Mon Jan  2 15:04:05 2026". */
const ROW = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\d{4})\s?(.*)$/;

type Row = {
  readonly pid: number;
  readonly parent: number;
  readonly dead: boolean;
  readonly startTime: string;
  readonly command: string;
};

const ask = (args: readonly string[]): string => {
  const answer = execaSync('ps', args, {
    reject: false,
    stdin: 'ignore',
    stderr: 'ignore',
    timeout: TIMEOUT_MS,
    maxBuffer: OUTPUT_LIMIT,
    env: { LC_ALL: 'C', TZ: 'UTC' },
  });
  return answer.stdout;
};

const rows = (selection: readonly string[]): readonly Row[] =>
  ask([...selection, '-o', 'pid=,ppid=,stat=,lstart=,command='])
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, state, startTime, command] = ROW.exec(line) ?? [];
      if (pid === undefined || parent === undefined || startTime === undefined) return [];
      const dead = state?.startsWith('Z') === true;
      return [{ pid: Number(pid), parent: Number(parent), dead, startTime, command: command ?? '' }];
    });

const row = (pid: number): Row | undefined => rows(['-p', String(pid)])[0];

const tokenIn = (command: string): string | undefined =>
  new RegExp(`(?:^|\\s)${TOKEN_VARIABLE}=(\\S+)`).exec(command)?.[1];

const carriers = (tokens: ReadonlySet<string>): readonly TokenCarrier[] =>
  rows(['axeww']).flatMap(({ pid, dead, startTime, command }) => {
    const token = dead ? undefined : tokenIn(command);
    return token !== undefined && tokens.has(token)
      ? [{ pid, startTime, command: command.slice(0, COMMAND_CHARACTERS) }]
      : [];
  });

const startTime = (pid: number): string | undefined => {
  const found = row(pid);
  return found === undefined || found.dead ? undefined : found.startTime;
};

export const ps: ProcessTable = {
  carriers,
  // Only Linux has namespaces.
  namesakes: () => [],
  startTime,
  parent: (pid) => row(pid)?.parent,
  children: (pid) => rows(['ax']).flatMap((one) => (one.parent === pid ? [one.pid] : [])),
  residentBytes: (pid) => Number(ask(['-o', 'rss=', '-p', String(pid)]).trim()) * 1024 || 0,
};
