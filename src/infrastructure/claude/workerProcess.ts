import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { SpawnedProcess, SpawnOptions } from '@anthropic-ai/claude-agent-sdk';
import {
  MissingDependencyError,
  type OrchestratorError,
  WorkerCommunicationError,
  WorkerSpawnError,
} from '../../domain/errors/index.ts';
import type { RunToken } from '../../domain/ids.ts';
import { processTable } from '../process/currentTable.ts';
import { endByToken, residentBytes } from '../process/tokens.ts';
import { type ProcessTree, spawnTree } from '../process/tree.ts';
import { lineGuard } from './lineGuard.ts';

/** Longest line that a worker may print on its protocol stream, bytes. */
const MAX_LINE = 32 * 1024 * 1024;
/** Characters of stderr kept for the message of a crash. */
const STDERR_TAIL = 2000;
/** From SIGTERM to SIGKILL, milliseconds. */
const GRACE_MS = 5000;
/** Leftovers of a task get less: nobody waits for their answer. */
const LEFTOVER_GRACE_MS = 500;

const SANDBOX_BRIDGE = /^(\S*\/)?socat UNIX-LISTEN:/;

/** The operating system's side of a worker: the tree, its output streams, how it ended. */
export class WorkerProcess {
  readonly #runToken: RunToken;
  #tree: ProcessTree | undefined;
  #cwd = '';
  #stderr = '';
  #protocolError: Error | undefined;
  #spawnError: NodeJS.ErrnoException | undefined;

  constructor(runToken: RunToken) {
    this.#runToken = runToken;
  }

  /** For the SDK's `spawnClaudeCodeProcess`: starts the tree and hands out its streams. */
  readonly spawn = (options: SpawnOptions): SpawnedProcess => {
    const env = Object.fromEntries(
      Object.entries(options.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    this.#cwd = options.cwd ?? process.cwd();
    const tree = spawnTree({
      command: options.command,
      args: options.args,
      cwd: this.#cwd,
      env,
      runToken: this.#runToken,
    });
    this.#tree = tree;
    const { child } = tree;
    const { stdin, stdout, stderr } = child;
    if (stdin === null || stdout === null || stderr === null) throw this.#couldNotStart('it has no pipes');
    child.once('error', (error: NodeJS.ErrnoException) => {
      this.#spawnError = error;
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
    });
    // Writing to a process that has just died is an event of its end, not a fault of ours.
    stdin.on('error', () => undefined);
    const guarded = stdout.pipe(lineGuard(MAX_LINE));
    guarded.once('error', (error) => {
      this.#protocolError = error;
      tree.end({ graceMs: 0 }).catch(() => undefined);
    });
    return {
      stdin,
      stdout: guarded,
      get killed() {
        return child.killed;
      },
      get exitCode() {
        return child.exitCode;
      },
      get signalCode() {
        return child.signalCode;
      },
      kill: (signal) => child.kill(signal),
      on: child.on.bind(child),
      once: child.once.bind(child),
      off: child.off.bind(child),
    };
  };

  get pid(): number {
    return this.#tree?.pid ?? 0;
  }

  get alive(): boolean {
    const child = this.#tree?.child;
    return (
      child !== undefined &&
      child.exitCode === null &&
      child.signalCode === null &&
      this.#spawnError === undefined
    );
  }

  /** Resolves when the process is gone; at once where it never was. */
  async exited(): Promise<void> {
    const child = this.#tree?.child;
    if (child === undefined || !this.alive || child.pid === undefined) return;
    await Promise.race([once(child, 'exit'), once(child, 'error')]).catch(() => undefined);
  }

  describeExit(): string {
    const child = this.#tree?.child;
    const how =
      child?.signalCode != null
        ? `signal ${child.signalCode}`
        : child?.exitCode != null
          ? `exit code ${child.exitCode}`
          : 'no exit code';
    const said = this.#stderr.trim().split('\n').at(-1)?.slice(0, 300);
    return said === undefined || said === '' ? how : `${how}; it said: ${said}`;
  }

  /** Why the process failed, where that is known better than "it crashed". */
  failure(): OrchestratorError | undefined {
    if (this.#spawnError !== undefined) {
      // To the system a missing folder and a missing program are the same error.
      if (!existsSync(this.#cwd)) return this.#couldNotStart('its folder is gone');
      return this.#spawnError.code === 'ENOENT' || this.#spawnError.code === 'EACCES'
        ? new MissingDependencyError('The Claude CLI was not found.', {
            hint: 'Install it, or set ORCHESTRATOR_CLAUDE_PATH; claude-orchestrator doctor shows where it was looked for.',
          })
        : this.#couldNotStart(this.#spawnError.message);
    }
    if (this.#protocolError !== undefined) {
      return new WorkerCommunicationError(`The worker broke its protocol: ${this.#protocolError.message}.`, {
        hint: 'It is replaced by a new process.',
        retryable: true,
      });
    }
    return undefined;
  }

  async residentBytes(): Promise<number> {
    return this.#tree === undefined ? 0 : residentBytes(await this.#tree.innerPid());
  }

  async endLeftovers(): Promise<{ ended: readonly number[]; survivors: readonly number[] }> {
    if (this.#tree === undefined) return { ended: [], survivors: [] };
    const inner = await this.#tree.innerPid();
    const own = [this.#tree.pid, inner];
    return endByToken(this.#runToken, {
      except: own,
      graceMs: LEFTOVER_GRACE_MS,
      neighbourOf: inner,
      // The sandbox's way to the network, which the CLI starts once and does not start again.
      spares: ({ pid, command }) => SANDBOX_BRIDGE.test(command) && processTable.parent(pid) === inner,
    });
  }

  async end(): Promise<void> {
    await this.#tree?.end({ graceMs: GRACE_MS });
  }

  /** The same with no time to tidy up. */
  async kill(): Promise<void> {
    await this.#tree?.end({ graceMs: 0 });
  }

  #couldNotStart(why: string): WorkerSpawnError {
    return new WorkerSpawnError(`A worker could not be started: ${why}.`, {
      hint: 'Check memory and process limits; claude-orchestrator doctor looks at both.',
      retryable: true,
    });
  }
}
