import type { Approval } from '../../../domain/approval.ts';
import type { TaskId } from '../../../domain/ids.ts';
import type { JobJournal } from '../../journal.ts';
import type { JobWorkspace } from '../../lanes/jobWorkspace.ts';
import type { RunDeps } from '../../runDeps.ts';

/** The tasks of one job whose work goes on later: they hold no process and no place, only their worktree. */
export class ParkedTasks {
  readonly #deps: Pick<RunDeps, 'desk' | 'store'>;
  readonly #journal: JobJournal;
  readonly #workspace: JobWorkspace;
  readonly #closing: AbortSignal;
  readonly #on: { readonly ready: (id: TaskId) => void; readonly fault: (error: unknown) => void };

  /** @param on a task may go on; the store failed. */
  constructor(
    deps: Pick<RunDeps, 'desk' | 'store'>,
    journal: JobJournal,
    workspace: JobWorkspace,
    closing: AbortSignal,
    on: { readonly ready: (id: TaskId) => void; readonly fault: (error: unknown) => void },
  ) {
    this.#deps = deps;
    this.#journal = journal;
    this.#workspace = workspace;
    this.#closing = closing;
    this.#on = on;
  }

  /** Waits for what an earlier process left parked. */
  async takeUp(): Promise<void> {
    for (const { status, spec, resume } of [...this.#journal.tasks.values()]) {
      if (status !== 'parked') continue;
      const id = resume?.approvalId;
      this.wait(spec.id, id === undefined ? undefined : await this.#deps.store.approval(id));
    }
  }

  /** The task goes on once this is decided, or at once where there is nothing to decide any more. */
  wait(id: TaskId, approval: Approval | undefined): void {
    const decided = approval === undefined ? undefined : this.#deps.desk.settled(approval, this.#closing);
    Promise.resolve(decided)
      .then(() => this.#goOn(id))
      .catch((error: unknown) => {
        if (!this.#closing.aborted) this.#on.fault(error);
      });
  }

  /** Worktrees that wait for a task to go on, of one or of all. */
  worktrees(id?: TaskId): readonly string[] {
    const tasks = id === undefined ? [...this.#journal.tasks.values()] : [this.#journal.task(id)];
    return tasks.flatMap(({ resume }) => resume?.worktree ?? []);
  }

  /** Their tasks have ended, or begin anew. */
  async remove(worktrees: readonly string[]): Promise<void> {
    const { repository } = this.#workspace;
    if (repository === undefined) return;
    await Promise.all(worktrees.map((worktree) => repository.removeWorktree(worktree)));
  }

  async #goOn(id: TaskId): Promise<void> {
    // A person may have cancelled or skipped it meanwhile.
    if (this.#closing.aborted || this.#journal.task(id).status !== 'parked') return;
    await this.#journal.record({
      tasks: [{ id, move: 'unpark' }],
      happenings: [{ type: 'task.ready', taskId: id }],
    });
    this.#on.ready(id);
  }
}
