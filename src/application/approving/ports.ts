import type { Approval, BoundCall, Touched } from '../../domain/approval.ts';
import type { JobId, TaskId } from '../../domain/ids.ts';
import type { ToolCall, Verdict } from '../../domain/safety/verdict.ts';

/** What an adapter has looked up of a call that a person is asked about. */
export type InspectedCall = {
  readonly call: BoundCall;
  readonly touches: readonly Touched[];
  /** Unified diff of what a file tool would write, at most 200,000 characters. */
  readonly diff: string | undefined;
};

/** Looks up what a call names: hashes of every script and file in it, what it would touch, how git knows that. */
export interface CallInspector {
  /**
   * @throws DangerousOperationError where something that the call runs or names cannot be hashed (a device, a file
   * that changes as it is read): such a call is refused, nobody is asked.
   */
  inspect(
    call: ToolCall,
    place: { readonly cwd: string; readonly worktree: string },
    signal: AbortSignal,
  ): Promise<InspectedCall>;
}

/** A call that waits at the gate. */
export type WaitingCall = {
  readonly jobId: JobId;
  readonly taskId: TaskId;
  readonly attempt: number;
  readonly lineage: number;
  readonly call: ToolCall;
  readonly cwd: string;
  readonly worktree: string;
  readonly toolUseId: string;
  readonly sessionId: string;
  readonly verdict: Verdict;
  readonly policyHash: string;
};

/** What the gate tells the worker. */
export type Ruling =
  /** Runs with exactly this input. */
  | { readonly kind: 'allow'; readonly input: Readonly<Record<string, unknown>> }
  | { readonly kind: 'deny'; readonly message: string }
  /** Not decided in time: the worker may be parked, or holds on by asking again with the same approval. */
  | { readonly kind: 'undecided'; readonly approval: Approval };

/** The gate's side of the approval desk. */
export interface AskDesk {
  /**
   * Asks a person, or finds what was decided on the very same bytes already, and waits at most `holdMs`. An approval
   * is used by this: everything that it binds is looked up anew first, and what has changed is asked anew.
   * @throws the signal's reason where the worker is stopped meanwhile; the approval is then superseded.
   */
  ask(waiting: WaitingCall, holdMs: number, signal: AbortSignal): Promise<Ruling>;
  /** Resolves once this approval is open no more. @throws the signal's reason. */
  settled(approval: Approval, signal: AbortSignal): Promise<void>;
  /** The calls of this task that wait at no process any more: after a crash, a time-out, the server's end. */
  supersede(jobId: JobId, taskId: TaskId): Promise<void>;
  /** Nobody will ask for these any more: the task or job has ended. */
  cancel(jobId: JobId, taskId: TaskId | undefined, reason: string): Promise<void>;
}
