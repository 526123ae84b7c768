import type { Commit, TaskId } from '../../domain/ids.ts';

/** How the folder stands after a worker had it. */
export type FolderReport = {
  /** The commit that holds the work; undefined where nothing changed, or where there is no git. */
  readonly commit: Commit | undefined;
  readonly filesChanged: readonly string[];
};

/**
 * The place in which a lane's worker works: a worktree of its own, or the shared folder itself.
 * Two users: `isolation: "worktree"` and `isolation: "shared"`.
 */
export interface LaneFolder {
  readonly path: string;
  /**
   * Clean, and at the task's base.
   * @param attempts how many the task has had before.
   */
  prepare(taskId: TaskId, base: Commit | undefined, attempts: number): Promise<void>;
  /** As it stands, with the work of a task that goes on here. */
  goOn(taskId: TaskId, base: Commit | undefined): Promise<void>;
  /**
   * Commits what the worker left and says what changed since the base.
   * @throws TaskExecutionError where the worker left its branch or put commits on a foreign one.
   */
  collect(message: string): Promise<FolderReport>;
  /** Paths that differ from the base now, relative to the folder. */
  changes(): Promise<readonly string[]>;
  /** A commit of the live state, for telling collisions early; undefined where there is no git. */
  snapshot(): Promise<Commit | undefined>;
  /** Ends its use. A kept folder stays on disk for a person. @returns its path where it was kept. */
  dispose(keep: boolean): Promise<string | undefined>;
}
