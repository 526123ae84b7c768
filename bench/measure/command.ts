import { join } from 'node:path';
import { execa } from 'execa';
import { readTimes, timed } from './cpuTimes.ts';
import { type TreeWatch, watchTree } from './processTree.ts';

export type Usage = {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly sampledCpuSeconds: number;
};

export type Command = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
  /** A folder for the file of CPU times. */
  readonly scratch: string;
  readonly signal: AbortSignal;
};

/**
 * What a tree that has ended used. The shell's count lacks what was killed before its parent could wait for it, the
 * samples lack what was short: the larger of the two is nearer to the truth.
 */
export const usageOf = async (file: string, tree: TreeWatch): Promise<Omit<Usage, 'wallSeconds'>> => {
  const sampledCpuSeconds = tree.sampledCpuSeconds();
  return {
    cpuSeconds: Math.max(await readTimes(file), sampledCpuSeconds),
    sampledCpuSeconds,
    peakMb: tree.peakMb(),
  };
};

/**
 * Runs one command to its end and counts what its whole tree used.
 * @throws where it fails or is aborted; its process group is ended first.
 */
export const measureCommand = async (o: Command): Promise<Usage> => {
  const file = join(o.scratch, 'cpu-times');
  const [shell, args] = timed(file, o.command, o.args);
  const started = performance.now();
  const running = execa(shell, args, {
    cwd: o.cwd,
    env: o.env,
    extendEnv: false,
    // A group of its own, so that an abort reaches what the command started as well.
    detached: true,
    ...(o.input === undefined ? { stdin: 'ignore' } : { input: o.input }),
  });
  const pid = running.pid ?? 0;
  const end = (): void => {
    if (pid > 0 && running.nodeChildProcess.exitCode === null) process.kill(-pid, 'SIGKILL');
  };
  o.signal.addEventListener('abort', end, { once: true });
  using tree = watchTree(pid);
  try {
    await running;
    const wallSeconds = (performance.now() - started) / 1000;
    return { wallSeconds, ...(await usageOf(file, tree)) };
  } finally {
    o.signal.removeEventListener('abort', end);
    o.signal.throwIfAborted();
  }
};
