import { LRUCache } from 'lru-cache';
import type { JobId } from '../../domain/ids.ts';
import { isTerminal } from '../../domain/job.ts';
import type { JobView } from '../api.ts';

/** Characters of requests and prompts that are kept: most of what a view weighs. */
const MAX_CHARACTERS = 32_000_000;
/** What everything else of a task weighs, about. */
const TASK_CHARACTERS = 2_000;

const weightOf = ({ job, tasks }: JobView): number =>
  tasks.reduce(
    (sum, { spec }) => sum + spec.prompt.length + TASK_CHARACTERS,
    job.spec.request.length + TASK_CHARACTERS,
  );

/**
 * Jobs that have ended, as they are read again and again by lists and pages: nothing changes them until they are
 * opened anew, and reading them costs a record for each task.
 */
export class EndedViews {
  readonly #views = new LRUCache<JobId, JobView>({ maxSize: MAX_CHARACTERS, sizeCalculation: weightOf });

  #openings = 0;

  get(id: JobId): JobView | undefined {
    return this.#views.get(id);
  }

  /** Counts the jobs that were opened (again): what was read before and is kept after may be old. */
  get openings(): number {
    return this.#openings;
  }

  /** Keeps the view where its job has ended. @param since `openings` before it was read. */
  keep(view: JobView, since: number): void {
    if (isTerminal(view.job) && since === this.#openings) this.#views.set(view.job.id, view);
  }

  /** The job runs (again). */
  forget(id: JobId): void {
    this.#openings++;
    this.#views.delete(id);
  }
}
