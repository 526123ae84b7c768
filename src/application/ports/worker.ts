import type { JobId, RunToken, TaskId } from '../../domain/ids.ts';
import type { Tokens } from '../../domain/task.ts';
import type { Ask, VerdictListener } from './gate.ts';

/** A session to go on with. */
export type ResumedSession = {
  readonly sessionId: string;
  /** The call at which it was deferred, which the CLI makes again by itself. */
  readonly toolUseId?: string | undefined;
};

/** A call that ran although the gate did not let it: it was never asked, or said no, or had not answered yet. */
export type UnjudgedCall = {
  /** `unknown` where its message was not told. */
  readonly tool: string;
  readonly toolUseId: string;
  readonly fromSubagent: boolean;
};

/** Whose work a process does. */
export type Served = { readonly jobId: JobId; readonly taskId: TaskId };

export type WorkerOptions = {
  /** The worker's folder: its cwd and the fence of its file tools. */
  readonly cwd: string;
  readonly runToken: RunToken;
  /** What the orchestrator itself adds to the worker's environment (`PORT_BASE`). */
  readonly env: Readonly<Record<string, string>>;
  readonly model: string | undefined;
  /** Spend of one task after which the CLI stops by itself, USD. */
  readonly budgetUsd: number | undefined;
  /** Real paths that the worker may read besides its own folder. */
  readonly readRoots: readonly string[];
  readonly onVerdict: VerdictListener;
  /** Hears of a call that ran past the gate, once: its worker is being ended and its turn fails. */
  readonly onUnjudged?: (call: UnjudgedCall) => void;
  /** Whose work it does now, for what is told of it; undefined between tasks. */
  readonly serves?: () => Served | undefined;
  /** Without it, what a person would have to be asked about is refused. */
  readonly ask?: Ask | undefined;
  /** The conversation that the process goes on with, in the folder in which it began. */
  readonly resume?: ResumedSession | undefined;
  /** Only tools that read: for the planner. */
  readonly readOnly?: boolean;
  /** A draft-7 JSON schema that the result must obey; it comes back as `structured`. */
  readonly outputSchema?: Readonly<Record<string, unknown>>;
};

export type WorkerEvent =
  /** The first stream event of a turn: the process lives and works on this prompt. */
  | { readonly kind: 'alive'; readonly sessionId: string; readonly pid: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool'; readonly tool: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly kind: 'tool_result'; readonly text: string; readonly isError: boolean }
  | { readonly kind: 'retry'; readonly message: string };

export type Turn = {
  /** Undefined where a resumed session goes on by itself, at the call at which it was deferred. */
  readonly prompt: string | undefined;
  readonly model: string | undefined;
  /** Aborting interrupts the turn; `run` then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: WorkerEvent) => void;
};

/** What a turn cost, known also where it failed: on errors it stands in `context.spent`. */
export type Spent = { readonly costUsd: number; readonly tokens: Tokens };

export type TurnResult = Spent & {
  /** The worker's last words. */
  readonly text: string;
  readonly structured: unknown;
  readonly sessionId: string;
  readonly turns: number;
  /** The tool use at which the turn stopped, to be resumed: the process is of no more use. */
  readonly deferred?: string | undefined;
};

/** One live `claude` process. One turn at a time. */
export interface WorkerSession {
  readonly pid: number;
  /**
   * Sends one prompt and waits for its result. Costs and tokens are those of the turns since the last `clear`.
   * @throws WorkerCrashError, WorkerCommunicationError, AuthenticationError, RateLimitError,
   * TaskExecutionError (refusal, budget, turn limit), DangerousOperationError (a call ran past the gate: the
   * process is ended, nothing is tried again), or the signal's reason.
   */
  run(turn: Turn): Promise<TurnResult>;
  /** Empties the conversation: the next turn has a new session id and costs counted from zero. */
  clear(): Promise<void>;
  /** A message to the running turn, which then also waits for it; false where none is running. */
  say(text: string): boolean;
  /** Memory of the process now, bytes; 0 where it cannot be told. */
  residentBytes(): Promise<number>;
  /** Ends what tasks left behind: every process with the run token except the CLI's own. */
  endLeftovers(): Promise<{ readonly ended: readonly number[]; readonly survivors: readonly number[] }>;
  /** SIGTERM, 5 s, SIGKILL, the whole tree; resolves when nothing of it is left. */
  end(): Promise<void>;
  readonly alive: boolean;
}

/** A started process without a session. Taken once or discarded. */
export interface WorkerSpare {
  /** @throws WorkerSpawnError where it died meanwhile. */
  take(cwd: string, model: string | undefined): Promise<WorkerSession>;
  discard(): Promise<void>;
}

export interface WorkerRuntime {
  /**
   * Starts a process, or takes a prewarmed one that fits. Resolves when it was spawned; the first turn tells
   * whether it lives.
   * @throws WorkerSpawnError, MissingDependencyError
   */
  open(options: WorkerOptions): Promise<WorkerSession>;
  /** Starts a process ahead of need; `options.cwd` is given again, and may differ, when it is taken. */
  prewarm(options: WorkerOptions): Promise<WorkerSpare>;
  /** Processes that live now, prewarmed ones included. */
  live(): number;
  /** @throws MissingDependencyError with the way to get the CLI. */
  describe(): Promise<{ readonly path: string; readonly version: string; readonly credentials: boolean }>;
}
