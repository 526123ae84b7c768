import { canMoveApproval } from '../../../domain/approval.ts';
import type { JobEvent } from '../../../domain/events.ts';
import type { JobId, TaskId } from '../../../domain/ids.ts';
import type { DenialCircuit } from '../deciding/denialCircuit.ts';
import type { OverdueDeps } from './overdue.ts';

export type EndOfWorkDeps = Omit<OverdueDeps, 'clock'> & { readonly circuit: DenialCircuit };

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/** Whoever has ended asks for nothing any more, and whoever is gone waits no more. */
export class EndOfWork {
  readonly #deps: EndOfWorkDeps;

  constructor(deps: EndOfWorkDeps) {
    this.#deps = deps;
  }

  /** See `AskDesk.supersede`. */
  async supersede(jobId: JobId, taskId: TaskId): Promise<void> {
    const { board, moves } = this.#deps;
    const waiting = board
      .ofJob(jobId)
      .filter(({ now }) => now.taskId === taskId && canMoveApproval(now.status, 'supersede'));
    await Promise.all(waiting.map((live) => moves.supersede(live)));
  }

  /** See `AskDesk.cancel`. */
  async cancel(jobId: JobId, taskId: TaskId | undefined, reason: string): Promise<void> {
    const { board, moves, codes } = this.#deps;
    const left = board
      .ofJob(jobId)
      .filter(
        ({ now }) => (taskId === undefined || now.taskId === taskId) && canMoveApproval(now.status, 'cancel'),
      );
    for (const { id } of left) codes.forget(id);
    await Promise.all(left.map((live) => moves.cancel(live, reason)));
  }

  hear({ jobId, happening }: JobEvent): void {
    if (this.#deps.board.ofJob(jobId).length === 0 && happening.type !== 'job.status') return;
    switch (happening.type) {
      case 'task.done':
      case 'task.failed':
      case 'task.skipped':
      case 'task.cancelled':
        this.#cancelLater(jobId, happening.taskId, 'the task has ended');
        return;
      case 'job.status':
        if (!ENDED.has(happening.to)) return;
        this.#deps.circuit.forget(jobId);
        this.#cancelLater(jobId, undefined, 'the job has ended');
        return;
      default:
    }
  }

  #cancelLater(jobId: JobId, taskId: TaskId | undefined, reason: string): void {
    this.#deps.inBackground('an approval could not be cancelled', this.cancel(jobId, taskId, reason));
  }
}
