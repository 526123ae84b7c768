import type { Approval, ApprovalStatus } from '../domain/approval.ts';
import type { AuditEntry } from '../domain/audit.ts';
import type { Happening, JobEvent } from '../domain/events.ts';
import type { ApprovalId, Commit, JobId, RunToken, TaskId } from '../domain/ids.ts';
import type { Job, JobStatus } from '../domain/job.ts';
import type { PrincipalId } from '../domain/principal.ts';
import type { ToolCall, Verdict } from '../domain/safety/verdict.ts';
import type { ErrorRecord, Task, Tokens } from '../domain/task.ts';
import type { Ruling } from './approving/ports.ts';

/** Milliseconds since the epoch, and timers that tests can own. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  job(): JobId;
  approval(): ApprovalId;
  runToken(): RunToken;
}

// ---------------------------------------------------------------- store

/**
 * One durable step. A task or job change is applied by compare-and-set: it is refused with a ConflictError
 * where the stored status or attempt is not the one given.
 */
export type Change =
  | { readonly kind: 'task'; readonly from: Pick<Task, 'status' | 'attempts'>; readonly to: Task }
  | { readonly kind: 'job'; readonly from: JobStatus; readonly to: Job }
  /** Writes the plan: the tasks of a job that had none. */
  | { readonly kind: 'plan'; readonly jobId: JobId; readonly tasks: readonly Task[] }
  /** A new approval where `from` is undefined; else the one of this revision becomes `to`. */
  | { readonly kind: 'approval'; readonly from: number | undefined; readonly to: Approval }
  /** The next entry of the audit chain. */
  | { readonly kind: 'audit'; readonly entry: AuditEntry };

export type JobFilter = {
  /** Only jobs that this principal submitted. */
  readonly owner?: PrincipalId;
  readonly statuses?: readonly JobStatus[];
  readonly limit: number;
  /** Opaque; from the answer before. */
  readonly cursor?: string;
};

export type ApprovalFilter = {
  /** Only those of jobs that this principal submitted. */
  readonly owner?: PrincipalId;
  readonly jobId?: JobId;
  readonly statuses?: readonly ApprovalStatus[];
  readonly limit: number;
  /** Opaque; from the answer before. */
  readonly cursor?: string;
};

export interface Store {
  /**
   * Writes a new job and its `job.submitted` event in one transaction.
   * @returns the stored job, and `created: false` where the same idempotency key and body were there already.
   * @throws ConflictError same key, other body · RateLimitError queue full
   */
  createJob(job: Job, idempotencyKey: string | undefined): Promise<{ job: Job; created: boolean }>;
  /**
   * Applies changes and appends happenings, all in one transaction or nothing; on a full disk it waits for room. What was asked (`spec`) is written
   * once and never again. Resolves after the commit is
   * durable. Steps handed over in one turn of the event loop share one commit.
   * @returns the events as they were numbered.
   * @throws ConflictError where a compare-and-set fails; nothing of this call is then written.
   */
  commit(
    jobId: JobId,
    changes: readonly Change[],
    happenings: readonly Happening[],
  ): Promise<readonly JobEvent[]>;
  job(id: JobId): Promise<Job | undefined>;
  tasks(id: JobId): Promise<readonly Task[]>;
  task(id: JobId, task: TaskId): Promise<Task | undefined>;
  /** Newest first. */
  jobs(filter: JobFilter): Promise<{ jobs: readonly Job[]; nextCursor: string | undefined }>;
  /** Events with `seq > after`, in order. */
  events(id: JobId, after: number, limit: number): Promise<readonly JobEvent[]>;
  /** Number of the job's last event; 0 where there is no such job. */
  lastSeq(id: JobId): Promise<number>;
  approval(id: ApprovalId): Promise<Approval | undefined>;
  /** Newest first. */
  approvals(
    filter: ApprovalFilter,
  ): Promise<{ approvals: readonly Approval[]; nextCursor: string | undefined }>;
  /** Jobs that are in no terminal state, oldest first. */
  unfinishedJobs(): Promise<readonly Job[]>;
  /** Steps that wait until the disk takes them; 0 where all is well. */
  waitingForDisk(): number;
  /** Tasks that have not ended, over all jobs; a job without a plan counts its caller's tasks, or one. */
  openTaskCount(): Promise<number>;
  /** Cost of the tasks that ended since then and of those that have not ended, USD. @param since ms since the epoch. */
  spend(since: number): Promise<number>;
  close(): Promise<void>;
}

/** In-process readers of the events; a listener must not throw and must not block. */
export interface EventBus {
  publish(events: readonly JobEvent[]): void;
  /** @returns a function that ends the subscription. */
  subscribe(listener: (event: JobEvent) => void): () => void;
}

// ---------------------------------------------------------------- workers

/** Looks the facts of a call up (what links lead to) and lets the judge decide. */
export interface ToolGate {
  judge(
    call: ToolCall,
    fence: { readonly cwd: string; readonly worktree: string; readonly readRoots: readonly string[] },
  ): Promise<Verdict>;
}

/** A gate with its fence already set. */
export type ToolJudge = (call: ToolCall, signal: AbortSignal) => Promise<Verdict>;

/** Hears of every tool call that was judged, before it runs or is refused. */
export type VerdictListener = (call: ToolCall, verdict: Verdict) => void;

/** A call that a person is to be asked about, as the gate holds it. */
export type AskedCall = {
  readonly call: ToolCall;
  readonly verdict: Verdict;
  /** Where the worker's shell stands. */
  readonly cwd: string;
  readonly worktree: string;
  readonly toolUseId: string;
  readonly sessionId: string;
  readonly pid: number;
  /** True where the process can be given up at this call: a resumed one makes the very same call again. */
  readonly canDefer: () => boolean;
};

/**
 * Asks a person and waits. \`undecided\` comes only where \`canDefer\` said yes: the worker's turn then ends as \`deferred\`.
 * @throws the signal's reason where the process ends or its turn is interrupted.
 */
export type Ask = (asked: AskedCall, signal: AbortSignal) => Promise<Ruling>;

/** A session to go on with. */
export type ResumedSession = {
  readonly sessionId: string;
  /** The call at which it was deferred, which the CLI makes again by itself. */
  readonly toolUseId?: string | undefined;
};

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
   * TaskExecutionError (refusal, budget, turn limit), or the signal's reason.
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

// ---------------------------------------------------------------- commands

export type CommandOutcome = {
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** Both streams as they came, head and tail kept, the cut marked. */
  readonly output: string;
  readonly seconds: number;
  /** Names of failing tests, where the output or a report file tells them; undefined where it does not. */
  readonly failingTests: readonly string[] | undefined;
};

/** Runs a caller's command line (`setup`, `verify`) by the shell, in a folder, with a deadline, as a tree. */
export interface CommandRunner {
  run(o: {
    readonly command: string;
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  }): Promise<CommandOutcome>;
}

// ---------------------------------------------------------------- git

export type RepositoryState = {
  /** Real path of the top level. */
  readonly root: string;
  readonly head: Commit;
  /** Null where HEAD is detached. */
  readonly branch: string | null;
  readonly dirty: boolean;
  readonly warnings: readonly string[];
};

/** How a worktree stands after a worker had it. */
export type WorktreeState = {
  readonly topLevel: string;
  readonly branch: string | null;
  readonly head: Commit;
  /** Paths with changes that no commit holds, untracked ones included, ignored ones not. */
  readonly uncommitted: readonly string[];
  /** Branches outside `orchestrator/` that hold a commit made since `base`. */
  readonly foreignBranches: readonly string[];
  /** True where HEAD was moved to another branch in between. */
  readonly leftBranch: boolean;
};

export type MergeOutcome =
  | { readonly clean: true; readonly commit: Commit }
  | { readonly clean: false; readonly files: readonly string[] };

/** The user's repository. Never writes to the user's checkout except in `advance`. */
export interface Repository {
  readonly state: RepositoryState;
  /** One at a time, whoever asks. @returns the real path of the new worktree, HEAD detached at `commit`. */
  addWorktree(name: string, commit: Commit): Promise<string>;
  /** Removes the folder and git's data of it, whatever is in it. */
  removeWorktree(path: string): Promise<void>;
  /** `git clean -fd`, then `branch` created (or moved) at `commit` and checked out; ignored files stay. */
  switchTo(path: string, branch: string, commit: Commit): Promise<void>;
  inspect(path: string, since: { readonly base: Commit; readonly branch: string }): Promise<WorktreeState>;
  /**
   * Commits everything in the worktree, without hooks.
   * @param seen what `inspect` has just said of it, where nothing ran since: git is not asked a second time.
   * @returns undefined where there was nothing to commit.
   */
  commitAll(path: string, message: string, seen?: WorktreeState): Promise<Commit | undefined>;
  /** Files that differ between two commits. */
  changedFiles(from: Commit, to: Commit): Promise<readonly string[]>;
  diff(from: Commit, to: Commit): Promise<string>;
  diffStat(from: Commit, to: Commit): Promise<string>;
  /** A commit of the worktree's live state through a separate index; the worktree and its index stay untouched. */
  snapshot(path: string, parent: Commit): Promise<Commit>;
  /** Files in which a merge of the two would conflict; nothing is written but objects. */
  conflicts(a: Commit, b: Commit): Promise<readonly string[]>;
  /**
   * Merges without a worktree: fast-forward where it can, else a merge commit, else the conflicting files.
   * @param known `diverged: true` where the caller knows that neither holds the other.
   */
  merge(
    ours: Commit,
    theirs: Commit,
    message: string,
    known?: { readonly diverged: boolean },
  ): Promise<MergeOutcome>;
  /** Starts a real merge of `theirs` in a worktree and leaves the conflict markers in the files. */
  startMerge(path: string, theirs: Commit): Promise<void>;
  /** Paths that still hold conflict markers or unmerged entries. */
  unresolved(path: string): Promise<readonly string[]>;
  isAncestor(a: Commit, b: Commit): Promise<boolean>;
  setBranch(name: string, commit: Commit): Promise<void>;
  branchCommit(name: string): Promise<Commit | undefined>;
  /**
   * Deletes branches whose commits are reachable from `keptBy` and that no checkout stands on; the others stay.
   * @returns those that were deleted.
   */
  deleteBranches(names: readonly string[], keptBy: Commit): Promise<readonly string[]>;
  /**
   * Moves the user's branch to hold `commit`: fast-forward, or a merge commit with `message`. Never with a
   * dirty tree, never over a conflict. @throws ConflictError saying why not and what to do.
   */
  advance(branch: string, commit: Commit, message: string): Promise<Commit>;
  /** Brings ignored files of the user's checkout into a worktree. @returns those that were not there. */
  copyInto(path: string, files: readonly string[]): Promise<readonly string[]>;
}

/** Finds and checks the folder that a job works in. */
export interface Workspaces {
  /**
   * @returns the real path.
   * @throws InvalidWorkspaceError missing, relative, a file, outside the allowed roots, a symlink out of them.
   */
  check(workspace: string): Promise<string>;
  /** @throws InvalidWorkspaceError no repository, no commit yet, a subfolder of one, a bare one… with the way out. */
  repository(workspace: string): Promise<Repository>;
  /** A mark of each file in a folder without git, which changes when the file does. Paths are relative. */
  stamps(workspace: string): Promise<ReadonlyMap<string, string>>;
  /** Text of the workspace's CLAUDE.md, if any: context for workers, at most 32 kB. */
  guidance(workspace: string): Promise<string | undefined>;
  /** Worktrees kept for a person or left by a crash. */
  kept(): Promise<readonly { readonly path: string; readonly repository: string; readonly jobId: string }[]>;
  /** Removes one of those, and what its repository knows of it. */
  removeKept(path: string): Promise<void>;
}

// ---------------------------------------------------------------- the rest

/** Bounded logs of tasks, on disk. */
export interface TaskLogs {
  /** Appends; head and tail are kept, the cut is marked. */
  append(job: JobId, task: TaskId, text: string): void;
  /** @returns characters from `offset`, the whole size, and where to go on (undefined at the end). */
  read(
    job: JobId,
    task: TaskId,
    offset: number,
    limit: number,
  ): Promise<{ text: string; size: number; nextOffset: number | undefined }>;
  /** Calls `onGrowth` after a batch was added that can be read; ends with the returned function. */
  follow(job: JobId, task: TaskId, onGrowth: () => void): () => void;
  flush(): Promise<void>;
}

export interface Machine {
  cores(): number;
  /** Memory that new processes could have now, bytes. */
  availableMemory(): number;
  ownMemory(): number;
}

export type LogFields = Readonly<Record<string, unknown>> & { readonly error?: ErrorRecord | Error };
export type LogCategory = 'SYSTEM' | 'WORKER' | 'TASK' | 'API' | 'SECURITY';
export interface Logger {
  debug(category: LogCategory, message: string, fields?: LogFields): void;
  info(category: LogCategory, message: string, fields?: LogFields): void;
  warning(category: LogCategory, message: string, fields?: LogFields): void;
  error(category: LogCategory, message: string, fields?: LogFields): void;
  critical(category: LogCategory, message: string, fields?: LogFields): void;
  /** Runs `work` with these ids on every line that it logs, however deep. */
  within<T>(
    ids: { readonly jobId?: string; readonly taskId?: string; readonly attempt?: number },
    work: () => T,
  ): T;
}
