import type { Plan } from '../../domain/plan.ts';
import type { JobJournal } from '../journal.ts';
import { certainTips, type Merger } from './merger.ts';

/** Merges what is certain while other tasks run, one round at a time; integration then finds it done. */
export class MergeAhead {
  readonly #journal: JobJournal;
  readonly #plan: Plan;
  readonly #merger: Merger | undefined;
  #rounds: Promise<void> = Promise.resolve();

  /** @param merger undefined without git: then there is nothing to do. */
  constructor(journal: JobJournal, plan: Plan, merger: Merger | undefined) {
    this.#journal = journal;
    this.#plan = plan;
    this.#merger = merger;
  }

  start(): void {
    const base = this.#journal.job.base?.commit;
    const merger = this.#merger;
    if (merger === undefined || base === undefined) return;
    this.#rounds = this.#rounds
      .then(() => merger.mergeAhead(base, certainTips(this.#plan, this.#journal.tasks)))
      // It costs the head start only: integration merges the same and tells what is wrong.
      .catch(() => undefined);
  }

  /** Resolves when no round runs. */
  idle(): Promise<void> {
    return this.#rounds;
  }
}
