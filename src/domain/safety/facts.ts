/** What an adapter has looked up before the judge decides, so that the judge itself touches nothing. */
export type ToolFacts = {
  /** Absolute folder that the call runs in. */
  readonly cwd: string;
  /** Real path of the task's worktree: the only place where file tools may write. */
  readonly worktree: string;
  /** Real paths that a worker may read besides its worktree (the workspace, what the policy lists). */
  readonly readRoots: readonly string[];
  /**
   * Absolute lexical path, as `lookupsNeeded` names it, to its real path, or to that of its nearest existing
   * parent plus the rest. A path that is missing here counts as unknown and its write is refused.
   */
  readonly realPaths: ReadonlyMap<string, string>;
  /** Real paths that no call may touch (the orchestrator's own state). */
  readonly protectedRoots: readonly string[];
  /** The worker's home folder, real path; without it what begins with `~` is known by its name only. */
  readonly home?: string;
  /**
   * True for an absolute path, as `lookupsNeeded` names it in `deletes`, where nothing that lies there is tracked by git or
   * in the commit that the task began from. Without it all of it may be.
   */
  readonly ownFiles?: (path: string) => boolean;
  /** True for an absolute path, as `lookupsNeeded` names it in `programs`, that leads to the orchestrator's own program. */
  readonly ownProgram?: (path: string) => boolean;
  /** Texts of package scripts by the keys that `lookupsNeeded` names, as far as they exist. */
  readonly scripts?: ReadonlyMap<string, string>;
};
