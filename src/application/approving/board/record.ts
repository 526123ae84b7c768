import type { Approval } from '../../../domain/approval.ts';
import type { AuditEntry } from '../../../domain/audit.ts';
import type { Happening } from '../../../domain/events.ts';
import type { JobId } from '../../../domain/ids.ts';
import type { JobJournal } from '../../journal.ts';
import type { EventBus } from '../../ports/eventBus.ts';
import type { Change, Store } from '../../ports/store.ts';
import type { Clock } from '../../ports/system.ts';

export type AuditPart = Omit<AuditEntry, 'at' | 'jobId' | 'taskId' | 'approvalId'>;

/** What a change of an approval says to others. */
export type ChangeWords = {
  readonly audit?: AuditPart;
  readonly happening?: Happening;
};

export type RecordDeps = {
  readonly store: Pick<Store, 'commit'>;
  readonly bus: EventBus;
  readonly clock: Clock;
};

/** Makes steps of approvals durable: each with its audit entry and its event, or not at all. */
export class ApprovalRecord {
  readonly #deps: RecordDeps;
  #journalOf: (jobId: JobId) => JobJournal | undefined = () => undefined;

  constructor(deps: RecordDeps) {
    this.#deps = deps;
  }

  /** Steps of a job that is driven go through its journal, which counts the job's events. */
  useJournals(journalOf: (jobId: JobId) => JobJournal | undefined): void {
    this.#journalOf = journalOf;
  }

  journal(jobId: JobId): JobJournal | undefined {
    return this.#journalOf(jobId);
  }

  /** @param from the revision that the stored one must have; undefined where there is none yet. */
  change(from: number | undefined, to: Approval, words: ChangeWords): Promise<void> {
    const audited = words.audit === undefined ? [] : [this.#entry(to, words.audit)];
    const happenings = words.happening === undefined ? [] : [words.happening];
    return this.#write(to.jobId, [{ kind: 'approval', from, to }, ...audited], happenings);
  }

  /** An entry of the audit without a change. */
  audit(approval: Approval, part: AuditPart): Promise<void> {
    return this.#write(approval.jobId, [this.#entry(approval, part)], []);
  }

  /** Any other step of a job. */
  note(jobId: JobId, changes: readonly Change[]): Promise<void> {
    return this.#write(jobId, changes, []);
  }

  #entry(approval: Approval, part: AuditPart): Change {
    const { jobId, taskId, id } = approval;
    return { kind: 'audit', entry: { ...part, at: this.#deps.clock.now(), jobId, taskId, approvalId: id } };
  }

  async #write(jobId: JobId, changes: readonly Change[], happenings: readonly Happening[]): Promise<void> {
    const journal = this.#journalOf(jobId);
    if (journal !== undefined) return journal.record({ changes, happenings });
    const { store, bus } = this.#deps;
    bus.publish(await store.commit(jobId, changes, happenings));
  }
}
