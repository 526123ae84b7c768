import { TaskExecutionError } from '../../domain/errors/index.ts';
import type { Commit, JobId, TaskId } from '../../domain/ids.ts';
import { attemptBranch, taskBranch } from '../branches.ts';
import type { Repository } from '../ports/repository.ts';
import type { WorktreeRecipe } from './createWorktree.ts';
import type { FolderReport, LaneFolder } from './laneFolder.ts';

/** A lane's worktree: it moves from task to task, each on a branch of its own. */
export class WorktreeFolder implements LaneFolder {
  readonly path: string;
  readonly #repository: Repository;
  readonly #jobId: JobId;
  #since: { base: Commit; branch: string } | undefined;

  constructor(recipe: Pick<WorktreeRecipe, 'repository' | 'jobId'>, path: string) {
    this.path = path;
    this.#repository = recipe.repository;
    this.#jobId = recipe.jobId;
  }

  async prepare(taskId: TaskId, base: Commit | undefined, attempts: number): Promise<void> {
    const since = { base: base ?? this.#repository.state.head, branch: taskBranch(this.#jobId, taskId) };
    if (attempts > 0) await this.#keepEarlier(taskId, since, attempts);
    await this.#repository.switchTo(this.path, since.branch, since.base);
    this.#since = since;
  }

  async goOn(taskId: TaskId, base: Commit | undefined): Promise<void> {
    this.#since = {
      base: base ?? this.#repository.state.head,
      branch: taskBranch(this.#jobId, taskId),
    };
  }

  async collect(message: string): Promise<FolderReport> {
    const since = this.#sinceOrThrow();
    const state = await this.#repository.inspect(this.path, since);
    if (state.topLevel !== this.path || state.branch !== since.branch || state.leftBranch) {
      throw strayed(`it left its branch ${since.branch} (now: ${state.branch ?? 'no branch'})`);
    }
    if (state.foreignBranches.length > 0)
      throw strayed(`it put commits on ${state.foreignBranches.join(', ')}`);
    const ownCommits = state.head !== since.base;
    if (ownCommits && !(await this.#repository.isAncestor(since.base, state.head))) {
      throw strayed('it rewrote commits that it was based on');
    }
    const committed =
      state.uncommitted.length === 0
        ? undefined
        : await this.#repository.commitAll(this.path, message, state);
    const head = committed ?? state.head;
    if (head === since.base) return { commit: undefined, filesChanged: [] };
    // Without commits of the worker's own, what was uncommitted is what changed: one process less.
    const filesChanged = ownCommits
      ? await this.#repository.changedFiles(since.base, head)
      : state.uncommitted;
    return { commit: head, filesChanged };
  }

  async changes(): Promise<readonly string[]> {
    const since = this.#sinceOrThrow();
    const state = await this.#repository.inspect(this.path, since);
    const committed =
      state.head === since.base ? [] : await this.#repository.changedFiles(since.base, state.head);
    return [...state.uncommitted, ...committed];
  }

  async snapshot(): Promise<Commit | undefined> {
    return this.#since === undefined ? undefined : this.#repository.snapshot(this.path, this.#since.base);
  }

  async dispose(keep: boolean): Promise<string | undefined> {
    if (keep) return this.path;
    await this.#repository.removeWorktree(this.path);
    return undefined;
  }

  /** The branch begins anew; what an earlier attempt committed on it stays reachable under a name of its own. */
  async #keepEarlier(
    taskId: TaskId,
    since: { base: Commit; branch: string },
    attempts: number,
  ): Promise<void> {
    const earlier = await this.#repository.branchCommit(since.branch);
    if (earlier === undefined || (await this.#repository.isAncestor(earlier, since.base))) return;
    await this.#repository.setBranch(attemptBranch(this.#jobId, taskId, attempts), earlier);
  }

  #sinceOrThrow(): { base: Commit; branch: string } {
    if (this.#since === undefined) throw new Error('a worktree is prepared before its work is collected');
    return this.#since;
  }
}

const strayed = (what: string): TaskExecutionError =>
  new TaskExecutionError(`The worker broke the rules of its worktree: ${what}.`, {
    hint: 'Nothing of it is merged; the worktree is kept. Say in the prompt that branches are not to be switched, and retry.',
  });
