import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { WorkerTimeoutError } from '../../domain/errors/index.ts';
import { processTable } from './currentTable.ts';
import { findProgram } from './findProgram.ts';
import { TOKEN_VARIABLE } from './processTable.ts';
import { signalGroup } from './signals.ts';
import { endByToken } from './tokens.ts';
import { endGroup, hasEnded } from './treeEnding.ts';
import { type CommandLine, type Isolation, type Wrapper, wrapper } from './wrapper.ts';

export type TreeOptions = CommandLine & {
  readonly cwd: string;
  /** The whole environment: nothing of ours is added but `ORCHESTRATOR_RUN_TOKEN`. */
  readonly env: Readonly<Record<string, string>>;
  /** Belongs to this tree alone: `end` ends whatever carries it. */
  readonly runToken: string;
  /** Default `pipe`. Output always comes by pipes; who does not read it from the start loses it. */
  readonly stdin?: 'pipe' | 'ignore';
};

/** Two nulls where the process never started. A wrapper tells a signal as 128 + its number, as shells do. */
export type TreeExit = { readonly exitCode: number | null; readonly signal: NodeJS.Signals | null };

/** A process with everything that it starts. It is over, as a whole, when its first process ends. */
export type ProcessTree = {
  /** Node's handle; its `kill` signals the whole group. `error` says that it never started. */
  readonly child: ChildProcess;
  /** The number of the group and of its wrapper; 0 where it never started. */
  readonly pid: number;
  readonly isolation: Isolation;
  readonly exited: Promise<TreeExit>;
  /** The command's own process, which a wrapper has below itself; 0 where there is none. */
  innerPid(): Promise<number>;
  /**
   * SIGTERM to the group, after `graceMs` SIGKILL to everything. Resolves when nothing is left; a second call
   * joins the first.
   * @throws WorkerTimeoutError where a process is still there seconds after SIGKILL.
   */
  end(o: { readonly graceMs: number }): Promise<void>;
};

/** How long a wrapper may take to start its command, milliseconds, and how often to look. */
const START_MS = 5000;
const LOOK_AGAIN_MS = 5;

const UNWRAPPED: Wrapper = { isolation: 'group', wrap: (line) => line };

/**
 * Starts a process in a group of its own, wrapped so that it ends with us where the system can do that.
 * Never throws: what could not be started says so by `error` on the child, in a later turn.
 */
export const spawnTree = (o: TreeOptions): ProcessTree => {
  // A wrapper starts well and then ends with 127: a command that is not there must fail as ENOENT instead.
  const startable = findProgram(o.command, o.env.PATH, o.cwd) !== undefined;
  const { isolation, wrap } = startable ? wrapper() : UNWRAPPED;
  const line = wrap(o);
  const running = execa(line.command, line.args, {
    cwd: o.cwd,
    env: { ...o.env, [TOKEN_VARIABLE]: o.runToken },
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdin: o.stdin ?? 'pipe',
  });
  const child = running.nodeChildProcess;
  const pid = child.pid ?? 0;
  const exited = watchExit(child, pid, running);
  if (pid !== 0) killAsGroup(child, pid);

  const end = async (graceMs: number): Promise<void> => {
    if (pid === 0) return;
    await endGroup({ child, pid, namespaced: isolation === 'namespace', exited }, graceMs);
    const { survivors } = await endByToken(o.runToken, { graceMs: 0 });
    const left = hasEnded(child) ? survivors : [...new Set([pid, ...survivors])];
    if (left.length > 0) throw notEnded(left);
  };
  let ending: Promise<void> | undefined;
  return {
    child,
    pid,
    isolation,
    exited,
    innerPid: async () => (isolation === 'namespace' ? awaitInnerPid(child, pid) : pid),
    end: ({ graceMs }) => {
      // A failed end may be tried again; a process in a stuck disk read ends some time.
      ending ??= end(graceMs).finally(() => {
        if (!hasEnded(child)) ending = undefined;
      });
      return ending;
    },
  };
};

/** What execa resolves with: only where starting failed there is a cause. */
type Outcome = Promise<{ readonly cause?: unknown; readonly message?: string }>;

const watchExit = (child: ChildProcess, pid: number, running: Outcome): Promise<TreeExit> =>
  new Promise((resolve) => {
    let failed = false;
    child.once('error', () => {
      failed = true;
      if (pid === 0) resolve({ exitCode: null, signal: null });
    });
    child.once('exit', (exitCode, signal) => {
      // With its first process the tree is over, as in a namespace. The number was ours until this very turn.
      if (pid !== 0) signalGroup(pid, 'SIGKILL');
      resolve({ exitCode, signal });
    });
    // Some failures (a command line too long, no file handles left) reach execa's result only, not the child.
    void running.then(({ cause, message }) => {
      if (pid === 0 && !failed) child.emit('error', cause ?? new Error(message));
    });
  });

/** The wrapper ignores SIGTERM, and a shell passes none on: who signals the child means all of it. */
const killAsGroup = (child: ChildProcess, pid: number): void => {
  const killWrapper = child.kill.bind(child);
  child.kill = (signal = 'SIGTERM') => {
    if (hasEnded(child)) return false;
    const heard = typeof signal === 'string' && signalGroup(pid, signal);
    // Node's own sets `killed`, and answers for signal 0.
    return killWrapper(signal) || heard;
  };
};

const awaitInnerPid = async (child: ChildProcess, pid: number): Promise<number> => {
  const giveUpAt = performance.now() + START_MS;
  while (!hasEnded(child) && performance.now() < giveUpAt) {
    const [first] = processTable.children(pid);
    const [inner] = first === undefined ? [] : processTable.children(first);
    if (inner !== undefined) return inner;
    await delay(LOOK_AGAIN_MS);
  }
  return 0;
};

const notEnded = (pids: readonly number[]): WorkerTimeoutError =>
  new WorkerTimeoutError(`Processes could not be ended: ${pids.join(', ')}.`, {
    hint: 'Look at them with ps: a process that waits for a disk or a network drive ends only when that answers.',
    retryable: true,
    context: { pids },
  });
