import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_MS = 200;
/** Units of the times in /proc/<pid>/stat a second: fixed for user space on every Linux. */
const TICKS_PER_SECOND = 100;

type Process = { readonly parent: number; readonly cpuTicks: number };

/** Parent and CPU of every process; the fields are counted from behind the name, which may hold anything. */
const allProcesses = (): ReadonlyMap<number, Process> => {
  const found = new Map<number, Process>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      found.set(Number(name), {
        parent: Number(fields[1]),
        cpuTicks: Number(fields[11]) + Number(fields[12]),
      });
    } catch {
      // It ended while it was looked at.
    }
  }
  return found;
};

const residentKb = (pid: number): number => {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
};

const below = (root: number, all: ReadonlyMap<number, Process>): readonly number[] => {
  const children = Map.groupBy(all.keys(), (pid) => all.get(pid)?.parent ?? 0);
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
};

export type TreeWatch = {
  /** Highest sum of resident memory seen, MB; pages that processes share are counted for each. */
  peakMb(): number;
  /** CPU seconds that were seen in processes of the tree: always too little, but killed ones are in it. */
  sampledCpuSeconds(): number;
  [Symbol.dispose](): void;
};

/** Samples a process and everything below it, five times a second. Finds nothing where there is no /proc. */
export const watchTree = (root: number): TreeWatch => {
  let peakKb = 0;
  const ticks = new Map<number, number>();
  const sample = (): void => {
    const all = allProcesses();
    const tree = below(root, all);
    peakKb = Math.max(
      peakKb,
      tree.reduce((sum, pid) => sum + residentKb(pid), 0),
    );
    for (const pid of tree) ticks.set(pid, all.get(pid)?.cpuTicks ?? ticks.get(pid) ?? 0);
  };
  const timer = process.platform === 'linux' ? setInterval(sample, SAMPLE_MS) : undefined;
  return {
    peakMb: () => Math.round(peakKb / 1024),
    sampledCpuSeconds: () => [...ticks.values()].reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND,
    [Symbol.dispose]: () => clearInterval(timer),
  };
};
