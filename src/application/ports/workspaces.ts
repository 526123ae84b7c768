import type { Repository } from './repository.ts';

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
