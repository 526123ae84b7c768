import { type Plan, tailLengths } from '../../../domain/plan.ts';
import type { JobJournal } from '../../journal.ts';
import { taskSeconds } from '../../planning/estimate.ts';
import { consequences } from '../../scheduling/taskGraph.ts';
import { gate } from './gate.ts';
import type { JobTasks } from './jobTasks.ts';

/** The running phase of one job: tasks are released as others end, until all have ended. */
export class TaskRound {
  readonly #journal: JobJournal;
  readonly #plan: Plan;
  readonly #tasks: () => Pick<JobTasks, 'queue' | 'ahead'>;
  readonly #interrupted: () => boolean;
  #allEnded = gate();

  /** @param interrupted is the whole job being stopped? Then nothing follows from a task's end. */
  constructor(
    journal: JobJournal,
    plan: Plan,
    tasks: () => Pick<JobTasks, 'queue' | 'ahead'>,
    interrupted: () => boolean,
  ) {
    this.#journal = journal;
    this.#plan = plan;
    this.#tasks = tasks;
    this.#interrupted = interrupted;
  }

  /** Resolves when every task has ended, or the job is interrupted. @throws the fault that stopped it. */
  async run(): Promise<void> {
    this.#allEnded = gate();
    const tails = tailLengths(this.#plan, taskSeconds);
    const { queue } = this.#tasks();
    queue.open((id) => tails.get(id) ?? 0);
    queue.offerReady();
    await this.settle();
    await this.#allEnded.promise;
  }

  /** Draws the consequences of how the tasks now stand. Called after every task's end. */
  async settle(): Promise<void> {
    if (this.#interrupted()) {
      this.#allEnded.resolve();
      return;
    }
    const { waiting, tasks } = this.#journal;
    const follow = consequences(
      waiting.size === 0 ? [] : this.#plan.order.filter((id) => waiting.has(id)),
      tasks,
    );
    if (follow.steps.length > 0) {
      await this.#journal.record({ tasks: follow.steps, happenings: follow.happenings });
      this.#tasks().queue.offer(follow.released);
    }
    if (this.#journal.open === 0) this.#allEnded.resolve();
    else this.#tasks().ahead.start();
  }

  /** The job is interrupted. */
  stop(): void {
    this.#allEnded.resolve();
  }

  /** The job cannot go on. */
  fail(error: unknown): void {
    this.#allEnded.reject(error);
  }
}
