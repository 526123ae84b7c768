import type { Judgement } from '../../../domain/safety/judge.ts';
import type { Policy } from '../../../domain/safety/policy/policy.ts';
import type { ToolCall } from '../../../domain/safety/verdict.ts';
import type { FlagValues } from '../deps.ts';

export type ExplainedCall = Judgement & { readonly policy: Policy };

/** A policy that was read. */
export type CheckedPolicy = {
  /** The file, or `built-in`. */
  readonly source: string;
  /** A repository's own lies over the machine's and can only tighten it. */
  readonly kind: 'machine' | 'repository';
  readonly policy: Policy;
  /** What of a repository's is not followed, a sentence each. */
  readonly warnings: readonly string[];
};

export type JudgePlace = {
  /** Absolute: where commands run, and what they may write in. */
  readonly folder: string;
  /** What git does not know there was made by whoever is judged, as in the worktree of a task. */
  readonly asWorktree: boolean;
};

/** What `policy` and `judge` need done. None of it needs a server. */
export type SafetyDeps = {
  readonly safety: {
    /** @throws ConfigurationError where the file is not good, naming line and column. */
    readonly check: (
      file: string | undefined,
      repository: boolean,
      flags: FlagValues,
    ) => Promise<CheckedPolicy>;
    /**
     * Judges by the policies of this machine and of the repository that the folder is in. What one batch looks up
     * holds for all of it.
     */
    readonly open: (
      place: JudgePlace,
      flags: FlagValues,
    ) => Promise<{
      /** File of the machine's policy, or `built-in`. */
      readonly source: string;
      readonly batch: () => Promise<(call: ToolCall) => Promise<ExplainedCall>>;
    }>;
  };
  /** Standard input as it comes. */
  readonly stdinParts: () => AsyncIterable<string>;
  /** Resolves once the reader of stdout has room for more. */
  readonly writeOut: (text: string) => Promise<void>;
};

export type HookDeps = {
  /** Reads a hook's JSON from standard input and prints its answer. Never throws: what goes wrong asks. */
  readonly hook: (flags: FlagValues) => Promise<void>;
};
