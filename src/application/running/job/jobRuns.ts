import type { JobId } from '../../../domain/ids.ts';
import { isTerminal } from '../../../domain/job.ts';
import { LOCAL_AGENT, type PrincipalId } from '../../../domain/principal.ts';
import { pausedReason } from '../../access/denialPause.ts';
import type { JobJournal } from '../../journal.ts';
import type { RunDeps } from '../../runDeps.ts';
import { JobRun } from './jobRun.ts';

/** The jobs that this process drives, each from its start to its end. */
export class JobRuns {
  readonly #deps: RunDeps;
  readonly #onStart: (id: JobId) => void;
  readonly #runs = new Map<JobId, JobRun>();
  /** Of jobs of which events may still come. */
  readonly #owners = new Map<JobId, PrincipalId>();

  /** @param onStart a job is driven from here on: what was known of its end holds no more. */
  constructor(deps: RunDeps, onStart: (id: JobId) => void) {
    this.#deps = deps;
    this.#onStart = onStart;
  }

  get count(): number {
    return this.#runs.size;
  }

  get(id: JobId): JobRun | undefined {
    return this.#runs.get(id);
  }

  /** Who hears of the job's events. */
  ownerOf(id: JobId): PrincipalId {
    return this.#owners.get(id) ?? LOCAL_AGENT.id;
  }

  /** The job's first events come before it is driven. */
  expect(id: JobId, owner: PrincipalId): void {
    this.#owners.set(id, owner);
  }

  start(journal: JobJournal): JobRun {
    const { id, owner } = journal.job;
    this.#owners.set(id, owner);
    this.#onStart(id);
    const run = new JobRun(this.#deps, journal);
    this.#runs.set(id, run);
    void run.ended.finally(() => {
      if (this.#runs.get(id) !== run) return;
      this.#runs.delete(id);
      this.#owners.delete(id);
    });
    return run;
  }

  /** The run that drives a job; one whose job has ended is waited for, and is none any more. */
  async running(id: JobId): Promise<JobRun | undefined> {
    const run = this.#runs.get(id);
    if (run === undefined || !isTerminal(run.journal.job)) return run;
    await run.ended;
    return undefined;
  }

  /** So many calls of a job were denied that a person must look at it. */
  pauseForPerson(id: JobId): void {
    this.#runs
      .get(id)
      ?.pause(pausedReason({ id }))
      .catch((thrown: unknown) =>
        this.#deps.logger.error('SECURITY', 'a job could not be paused', {
          jobId: id,
          error: thrown instanceof Error ? thrown : new Error(String(thrown)),
        }),
      );
  }

  /** Nothing new is started. Resolves when no task has a place any more, or after `graceMs`, or with the signal. */
  async drain(graceMs: number, signal: AbortSignal): Promise<void> {
    const { scheduler, clock } = this.#deps;
    for (const run of this.#runs.values()) run.drain();
    const over = new AbortController();
    const time = clock.sleep(graceMs, AbortSignal.any([over.signal, signal])).catch(() => undefined);
    await Promise.race([scheduler.drain(), time]);
    over.abort();
  }

  /** Stops the workers and keeps the state. */
  async shutdown(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.shutdown()));
  }
}
