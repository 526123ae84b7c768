import path from 'node:path';
import { isFileSystemRoot, type StandardPaths } from './paths.ts';
import type { ReadConfig } from './schema.ts';

/** What the machine offers. Memory in bytes: what new processes could have now. */
export type Capacity = { readonly cores: number; readonly availableMemory: number };

/** Memory that one worker is counted with, bytes: peaks of 189–225 MB were measured. */
export const WORKER_MEMORY = 250 * 1024 * 1024;
/** Workers for each core that are still sensible: above it they wait for the processor, not for the network. */
export const WORKERS_PER_CORE_LIMIT = 8;

const AUTO_PER_CORE = 4;
const AUTO_LIMIT = 16;

/** @returns how many workers the memory holds, at least one. */
export const workersInMemory = ({ availableMemory }: Capacity): number =>
  Math.max(1, Math.floor(availableMemory / WORKER_MEMORY));

/**
 * The number that `auto` stands for. Workers wait on the network most of their time, so there are more of them
 * than cores; 16 is about what one account's rate limit bears.
 */
export const autoMaxWorkers = (capacity: Capacity): number =>
  Math.max(1, Math.min(AUTO_PER_CORE * capacity.cores, workersInMemory(capacity), AUTO_LIMIT));

/** @returns the value of every setting that no source names. `/` is where desktop clients start servers. */
export const defaultsFor = (o: {
  readonly paths: StandardPaths;
  readonly home: string;
  readonly cwd: string;
  readonly stderrIsTerminal: boolean;
}): ReadConfig => ({
  stateDir: o.paths.data,
  worktreesDir: path.join(o.paths.cache, 'worktrees'),
  allowedRoots: [...new Set([o.home, o.cwd].map((dir) => path.resolve(dir)))].filter(
    (dir) => !isFileSystemRoot(dir),
  ),
  maxWorkers: 'auto',
  defaultTimeout: 1800,
  verifyTimeout: 600,
  maxQueuedTasks: 10_000,
  workerEnv: [],
  workerSettings: [],
  portBase: 20_000,
  host: '127.0.0.1',
  port: 0,
  trustedProxies: [],
  corsOrigins: [],
  rateLimit: 100,
  oauthIssuers: [],
  idleMinutes: 15,
  drainSeconds: 30,
  tools: 'full',
  sandbox: 'auto',
  secondOpinion: 'off',
  approvalHold: 120,
  approvalExpiry: 86_400,
  logLevel: 'INFO',
  logFormat: o.stderrIsTerminal ? 'pretty' : 'json',
});
