import { readFileSync } from 'node:fs';

/** Units of the times in /proc/<pid>/stat a second: fixed for user space on every Linux. */
const TICKS_PER_SECOND = 100;

/** CPU seconds, user and system, of one process so far, without its children; NaN where there is no /proc. */
export const cpuSecondsOf = (pid: number): number => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Counted from behind the name, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
};

/** Resident memory of one process, MB; NaN where there is no /proc. */
export const residentMbOf = (pid: number): number => {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return Number(kilobytes) / 1024;
  } catch {
    return Number.NaN;
  }
};
