import { closeSync, openSync, readdirSync, readlinkSync, readSync, statSync } from 'node:fs';
import { COMMAND_CHARACTERS, type ProcessTable, TOKEN_VARIABLE, type TokenCarrier } from './processTable.ts';

/*
 * Linux's `/proc` (man 5 proc). Read synchronously on purpose: a few hundred small reads take some milliseconds
 * in a row, and many times that through the thread pool, in which time the table changes under us.
 */

const MARK = Buffer.from(`${TOKEN_VARIABLE}=`);
const NUL = 0;

/** Fields of /proc/<pid>/stat counted from the one after the name, which may itself hold spaces and brackets. */
const STATE = 0;
const PARENT = 1;
const START_TIME = 19;

const DEAD = new Set(['Z', 'X', 'x']);

/** Grows to the largest environment met; one buffer for all reads, since none of them waits. */
let scratch = Buffer.alloc(64 * 1024);

/** Reads fail all the time: processes end while we look, and those of others are closed to us. */
const readRaw = (path: string): Buffer | undefined => {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    let length = 0;
    for (;;) {
      if (length === scratch.length) scratch = Buffer.concat([scratch], scratch.length * 2);
      const read = readSync(file, scratch, length, scratch.length - length, null);
      if (read === 0) return scratch.subarray(0, length);
      length += read;
    }
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
};

const readText = (path: string): string | undefined => readRaw(path)?.toString('utf8');

const stat = (pid: number): readonly string[] | undefined => {
  const text = readText(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
};

const startTime = (pid: number): string | undefined => {
  const fields = stat(pid);
  return fields === undefined || DEAD.has(fields[STATE] ?? 'X') ? undefined : fields[START_TIME];
};

const parent = (pid: number): number | undefined => {
  const field = stat(pid)?.[PARENT];
  return field === undefined ? undefined : Number(field);
};

const processes = (): readonly number[] => {
  const numbers: number[] = [];
  for (const name of readdirSync('/proc')) {
    const first = name.charCodeAt(0);
    if (first >= 0x31 && first <= 0x39) numbers.push(Number(name));
  }
  return numbers;
};

/** Others' environments are closed to everyone but root, who may have started workers under another account. */
const ownUid = process.getuid?.() ?? 0;
const isReadable = (pid: number): boolean => {
  if (ownUid === 0) return true;
  try {
    return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === ownUid;
  } catch {
    return false;
  }
};

/** The value of the token variable, matched whole: neither a longer name nor a longer value counts. */
const tokenOf = (pid: number): string | undefined => {
  const environment = readRaw(`/proc/${pid}/environ`);
  if (environment === undefined) return undefined;
  for (let at = environment.indexOf(MARK); at !== -1; at = environment.indexOf(MARK, at + 1)) {
    if (at > 0 && environment[at - 1] !== NUL) continue;
    const from = at + MARK.length;
    const end = environment.indexOf(NUL, from);
    return environment.toString('utf8', from, end === -1 ? environment.length : end);
  }
  return undefined;
};

const commandOf = (pid: number): string =>
  (readText(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim().slice(0, COMMAND_CHARACTERS);

const carriers = (tokens: ReadonlySet<string>): readonly TokenCarrier[] => {
  const found: TokenCarrier[] = [];
  for (const pid of processes()) {
    const token = isReadable(pid) ? tokenOf(pid) : undefined;
    if (token === undefined || !tokens.has(token)) continue;
    const started = startTime(pid);
    if (started !== undefined) found.push({ pid, startTime: started, command: commandOf(pid) });
  }
  return found;
};

const children = (pid: number): readonly number[] => {
  const listed = readText(`/proc/${pid}/task/${pid}/children`);
  // Kernels without CONFIG_PROC_CHILDREN have no such file.
  if (listed === undefined) return processes().filter((candidate) => parent(candidate) === pid);
  return listed.split(' ').filter(Boolean).map(Number);
};

const residentBytes = (pid: number): number => {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`) ?? '');
  return line?.[1] === undefined ? 0 : Number(line[1]) * 1024;
};

const namespaceOf = (pid: number | 'self'): string | undefined => {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
};

const namesakes = (pid: number): readonly TokenCarrier[] => {
  const namespace = pid > 0 ? namespaceOf(pid) : undefined;
  if (namespace === undefined || namespace === namespaceOf('self')) return [];
  return processes().flatMap((other) => {
    if (namespaceOf(other) !== namespace) return [];
    const started = startTime(other);
    return started === undefined ? [] : [{ pid: other, startTime: started, command: commandOf(other) }];
  });
};

export const procfs: ProcessTable = { carriers, namesakes, startTime, parent, children, residentBytes };
