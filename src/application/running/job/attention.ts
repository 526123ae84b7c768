import type { Job } from '../../../domain/job.ts';
import type { JobJournal } from '../../journal.ts';
import { gate } from './gate.ts';

/** A job that stopped for a person: it says so, and waits without any process until it is retried or cancelled. */
export class Attention {
  readonly #journal: JobJournal;
  #retry = gate();

  constructor(journal: JobJournal) {
    this.#journal = journal;
  }

  get wanted(): boolean {
    return this.#journal.job.attention !== undefined;
  }

  /** From here on only a retry that is still to come counts. */
  renew(): void {
    this.#retry = gate();
  }

  ask(attention: NonNullable<Job['attention']>): Promise<void> {
    const { reason, refs } = attention;
    return this.#journal.record({
      job: { patch: { attention } },
      happenings: [{ type: 'job.attention', reason, refs }],
    });
  }

  /** @throws the signal's reason. */
  async wait(signal: AbortSignal): Promise<void> {
    const aborted = gate();
    const stop = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    await Promise.race([this.#retry.promise, aborted.promise]).finally(() =>
      signal.removeEventListener('abort', stop),
    );
  }

  /** Who waits goes on. */
  retry(): void {
    this.#retry.resolve();
  }

  /** A person has looked at it. */
  async lift(): Promise<void> {
    if (this.wanted) await this.#journal.record({ job: { patch: { attention: undefined } }, happenings: [] });
  }
}
