import { availableParallelism, cpus, freemem, loadavg, release, totalmem } from 'node:os';
import { claudePath, describeClaude } from '../../src/infrastructure/claude/locateClaude.ts';

/** What the figures were measured on. No paths, no names: the line goes into the docs. */
export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_gb: number;
  readonly free_gb: number;
  readonly kernel: string;
  readonly node: string;
  readonly claude: string;
  /** Runnable processes over the last minute: above the cores, others worked here too. */
  readonly load: number;
};

const gigabytes = (bytes: number): number => Number((bytes / 1024 ** 3).toFixed(1));

export const loadNow = (): number => Number((loadavg()[0] ?? 0).toFixed(2));

export const thisMachine = async (): Promise<Machine> => {
  const program = await claudePath(process.env.ORCHESTRATOR_CLAUDE_PATH, process.env);
  const { version } = await describeClaude(program, { PATH: process.env.PATH ?? '' });
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory_gb: gigabytes(totalmem()),
    free_gb: gigabytes(freemem()),
    kernel: `${process.platform} ${release()}`,
    node: process.versions.node,
    claude: version,
    load: loadNow(),
  };
};

export const machineLine = (machine: Machine): string =>
  `${machine.cores} × ${machine.cpu}, ${machine.memory_gb} GB (${machine.free_gb} free), ${machine.kernel}, ` +
  `Node ${machine.node}, claude ${machine.claude}, load ${machine.load} at the start`;
