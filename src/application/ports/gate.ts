import type { ToolCall, Verdict } from '../../domain/safety/verdict.ts';
import type { Ruling } from '../approving/ports.ts';

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
 * Asks a person and waits. `undecided` comes only where `canDefer` said yes: the worker's turn then ends as `deferred`.
 * @throws the signal's reason where the process ends or its turn is interrupted.
 */
export type Ask = (asked: AskedCall, signal: AbortSignal) => Promise<Ruling>;
