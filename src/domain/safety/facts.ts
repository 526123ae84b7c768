/** What an adapter has looked up before the judge decides, so that the judge itself touches nothing. */
export type ToolFacts = {
  /** Absolute folder that the call runs in. */
  readonly cwd: string;
  /** Real path of the task's worktree: the only place where file tools may write. */
  readonly worktree: string;
  /** Real paths that a worker may read besides its worktree (the workspace). */
  readonly readRoots: readonly string[];
  /**
   * Absolute lexical path, as `pathsOf` names it, to its real path, or to that of its nearest existing
   * parent plus the rest. A path that is missing here counts as unknown and its write is refused.
   */
  readonly realPaths: ReadonlyMap<string, string>;
  /** Real paths that no call may touch (the orchestrator's own state). */
  readonly protectedRoots: readonly string[];
};
