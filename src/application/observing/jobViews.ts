import type { Approval } from '../../domain/approval.ts';
import { JobNotFoundError } from '../../domain/errors/index.ts';
import type { JobId, TaskId } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { JobView, Orchestrator } from '../api.ts';
import type { JobJournal } from '../journal.ts';
import type { Store } from '../ports/store.ts';
import { EndedViews } from './endedViews.ts';
import { unknownJob } from './unknownJob.ts';

type ViewDeps = {
  readonly store: Store;
  readonly desk: { open(id: JobId): readonly Approval[] };
};

/** How jobs stand: out of the journal where one is driven, else out of the store, where ended ones change no more. */
export class JobViews {
  readonly #deps: ViewDeps;
  readonly #journalOf: (id: JobId) => JobJournal | undefined;
  readonly #ended = new EndedViews();

  /** @param journalOf of a job that is driven now. */
  constructor(deps: ViewDeps, journalOf: (id: JobId) => JobJournal | undefined) {
    this.#deps = deps;
    this.#journalOf = journalOf;
  }

  /** @throws JobNotFoundError */
  async status(id: JobId): Promise<JobView> {
    const journal = this.#journalOf(id);
    return journal === undefined ? this.stored(id) : this.driven(journal);
  }

  async list(filter: Parameters<Orchestrator['list']>[0]): ReturnType<Orchestrator['list']> {
    const since = this.#ended.openings;
    const { jobs, nextCursor } = await this.#deps.store.jobs(filter);
    const views = await Promise.all(
      jobs.map((job) => {
        const journal = this.#journalOf(job.id);
        return journal === undefined ? this.#viewOf(job, since) : this.driven(journal);
      }),
    );
    return { views, nextCursor };
  }

  /** A job that is driven, with what of it waits for a person. */
  driven(journal: JobJournal): JobView {
    const view = journal.view();
    const approvals = this.#deps.desk.open(view.job.id);
    return approvals.length === 0 ? view : { ...view, approvals };
  }

  /** @throws JobNotFoundError */
  async stored(id: JobId): Promise<JobView> {
    const known = this.#ended.get(id);
    if (known !== undefined) return known;
    const since = this.#ended.openings;
    const job = await this.#deps.store.job(id);
    if (job === undefined) throw unknownJob(id);
    return this.#viewOf(job, since);
  }

  /** @throws JobNotFoundError where the job has no such task, or there is no such job. */
  async assertTask(id: JobId, taskId: TaskId): Promise<void> {
    const view = await this.status(id);
    if (view.tasks.some((task) => task.spec.id === taskId)) return;
    throw new JobNotFoundError(`Job ${id} has no task "${taskId}".`, {
      hint: 'job_status lists the ids of its tasks.',
    });
  }

  /** The job is driven again: how it ended holds no more. */
  forget(id: JobId): void {
    this.#ended.forget(id);
  }

  /** @param since `openings` before the record was read. */
  async #viewOf(job: Job, since: number): Promise<JobView> {
    const known = this.#ended.get(job.id);
    if (known !== undefined) return known;
    const { store } = this.#deps;
    const view = { job, tasks: await store.tasks(job.id), seq: await store.lastSeq(job.id) };
    // A job that is driven changes still; one that was opened since its record was read is not what it was.
    if (this.#journalOf(job.id) === undefined) this.#ended.keep(view, since);
    return view;
  }
}
